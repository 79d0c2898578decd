import FoundationEssentials
import Requests

/// The last part of a job's name, which its author chooses.
enum JobID {
    /// Executions and tasks are named after their job, and no name is longer than 63 characters.
    static let longest = 49

    /// What an id must look like, for people.
    static let rule =
        "must be 1 to \(longest) characters: a lower-case letter first, then lower-case letters, digits and hyphens, "
        + "and no hyphen at the end"

    static func isValid(_ id: String) -> Bool { isLabel(id, longest: longest) }

    static func isLabel(_ text: String, longest: Int) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...longest).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        return ASCII.isLowerLetter(first) && last != ASCII.hyphen && bytes.allSatisfy(isLabelByte)
    }

    static func isLabelByte(_ byte: UInt8) -> Bool {
        ASCII.isLowerLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.hyphen
    }
}

/// The last part of an execution's name: the job's id, and five characters by chance or the token of the job.
enum ExecutionID {
    static func random(of job: String) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        let suffix = (0..<5).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] }
        return "\(job)-" + String(suffix)
    }

    static func named(by token: String, of job: String) -> String { "\(job)-\(token)" }
}

/// The last part of a task's name: the execution's id and the task's index.
struct TaskID: Hashable, Sendable {
    let execution: String
    let index: Int

    var text: String { "\(execution)-task\(index)" }

    init(execution: String, index: Int) {
        self.execution = execution
        self.index = index
    }

    /// Nil when the text is no task's id.
    init?(_ text: String) {
        guard let range = text.range(of: "-task", options: .backwards), let index = Int(text[range.upperBound...]),
            index >= 0
        else { return nil }
        let execution = String(text[..<range.lowerBound])
        guard !execution.isEmpty, TaskID(execution: execution, index: index).text == text else { return nil }
        self.init(execution: execution, index: index)
    }
}
