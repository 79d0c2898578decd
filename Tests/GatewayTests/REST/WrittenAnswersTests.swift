import NIOCore
import Schema
import Testing

@testable import Gateway

@Suite("An answer that was written before")
struct WrittenAnswersTests {
    private static let path = "/v1/projects/demo/locations/l/jobs/j"

    private static func job(_ uid: String) -> Google_Cloud_Batch_V1_Job { .with { $0.uid = uid } }

    /// Asks for the text of a job.
    ///
    /// - Returns: whether it had to be written.
    private static func writes(
        _ answers: WrittenAnswers, _ uid: String, path: String = path, query: String? = nil, bytes: Int = 100
    ) -> Bool {
        var isWritten = false
        let text = answers.text(of: job(uid), for: .init(path: path, query: query)) {
            isWritten = true
            return ByteBuffer(repeating: UInt8(ascii: "x"), count: bytes)
        }
        #expect(text.readableBytes == bytes)
        return isWritten
    }

    @Test("is taken for an equal message, and written anew for another one")
    func equality() {
        let answers = WrittenAnswers()
        #expect(Self.writes(answers, "a"))
        #expect(!Self.writes(answers, "a"))
        #expect(Self.writes(answers, "b"))
        #expect(!Self.writes(answers, "b"))
        #expect(Self.writes(answers, "a"))
    }

    @Test("is not taken for an equal message of another type")
    func types() {
        let answers = WrittenAnswers()
        let key = WrittenAnswers.Key(path: Self.path, query: nil)
        let job = answers.text(of: Google_Cloud_Batch_V1_Job(), for: key) { ByteBuffer(string: "job") }
        let task = answers.text(of: Google_Cloud_Batch_V1_Task(), for: key) { ByteBuffer(string: "task") }
        #expect(String(buffer: job) == "job")
        #expect(String(buffer: task) == "task")
    }

    @Test("belongs to one path and query")
    func keys() {
        let answers = WrittenAnswers()
        #expect(Self.writes(answers, "a"))
        #expect(Self.writes(answers, "a", path: Self.path + "k"))
        #expect(Self.writes(answers, "a", query: "prettyPrint=false"))
        #expect(!Self.writes(answers, "a"))
        #expect(!Self.writes(answers, "a", query: "prettyPrint=false"))
    }

    @Test("is forgotten when there is no room for more")
    func capacity() {
        let answers = WrittenAnswers(capacity: 10_000)
        for index in 0..<100 { #expect(Self.writes(answers, "a", path: "/\(index)")) }
        let kept = (0..<100).filter { !Self.writes(answers, "a", path: "/\($0)") }
        #expect(kept.count <= 10_000 / 900)
    }

    @Test("is not kept when it is long")
    func long() {
        let answers = WrittenAnswers()
        #expect(Self.writes(answers, "a", bytes: 100_000))
        #expect(Self.writes(answers, "a", bytes: 100_000))
    }

    @Test("is no answer for one who may not have it")
    func access() async throws {
        let gatekeeper = FakeGatekeeper()
        let client = try RESTClient(gatekeeper: gatekeeper)
        let first = try await client.send(.get, Self.path)
        let second = try await client.send(.get, Self.path)
        #expect(first.status == 200)
        #expect(second.text == first.text)
        let decisions = gatekeeper.asked.filter { if case .decide = $0 { true } else { false } }
        #expect(decisions.count == 2)
        #expect(try await client.send(.get, Self.path, authorization: nil).status == 401)
        #expect(try await client.send(.get, Self.path, authorization: "Bearer mallory").status == 401)
    }
}
