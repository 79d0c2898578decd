import NIOCore
import SwiftProtobuf
import Synchronization

/// Answers to reads as they were last written in JSON: clients that wait for something read the same again and again.
///
/// Nothing here is an answer by itself. Every call is checked and handled as if it were the first; only when its message
/// equals the one that was written for the same path and query is the text taken instead of being written again. So no
/// change has to be announced here, and nobody gets what their own call did not return.
final class WrittenAnswers: Sendable {
    /// What the text depends on besides the message: the path names the method, the query says how to write.
    struct Key: Hashable, Sendable {
        let path: String
        let query: String?
    }

    private struct Answer {
        let message: any Message & Sendable
        let text: ByteBuffer
    }

    private struct State {
        var answers: [Key: Answer] = [:]
        /// What is kept, roughly, in bytes.
        var bytes = 0
    }

    /// Longer texts are written each time.
    private static let largestText = 64 << 10

    /// Bytes that are kept at most: then all is forgotten.
    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 16 << 20) {
        self.capacity = capacity
    }

    /// The text of a message, or what `write` makes of it.
    func text(
        of message: some Message & Sendable, for key: Key, write: () throws -> ByteBuffer
    ) rethrows -> ByteBuffer {
        // Compared outside the lock: messages that are not one and the same are compared field by field.
        let known = state.withLock { $0.answers[key] }
        if let known, known.message.isEqualTo(message: message) { return known.text }
        let text = try write()
        keep(Answer(message: message, text: text), for: key)
        return text
    }

    private func keep(_ answer: Answer, for key: Key) {
        guard answer.text.readableBytes <= Self.largestText else { return }
        state.withLock { state in
            if let former = state.answers.removeValue(forKey: key) { state.bytes -= Self.cost(of: former, for: key) }
            let cost = Self.cost(of: answer, for: key)
            if state.bytes + cost > capacity { state = State() }
            guard cost <= capacity else { return }
            state.answers[key] = answer
            state.bytes += cost
        }
    }

    /// A message takes about three times its text.
    private static func cost(of answer: Answer, for key: Key) -> Int {
        512 + key.path.utf8.count + (key.query?.utf8.count ?? 0) + 4 * answer.text.readableBytes
    }
}
