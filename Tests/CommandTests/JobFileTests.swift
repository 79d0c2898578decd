import Foundation
import Testing

@testable import landfall

@Suite("The file of a job")
struct JobFileTests {
    /// What is made of a file that holds `bytes`.
    private func read(_ bytes: some Sequence<UInt8>) throws -> Data {
        let path = "/tmp/landfall-test-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        return try JobFile(file: InputFile(path: path)).json()
    }

    @Test(
        "may be JSON or YAML",
        arguments: [#"{"priority": 5}"#, "priority: 5", "# a job\npriority: 5\n", "{priority: 5}"])
    func formats(text: String) throws {
        let object = try JSONSerialization.jsonObject(with: read(text.utf8)) as? [String: Int]
        #expect(object == ["priority": 5])
    }

    @Test(
        "is refused in one sentence when it is neither",
        arguments: [
            ("{", "at line 2, column 1"), ("a: [", "at line"), ("text", "neither a JSON nor a YAML object"),
            ("", "neither a JSON nor a YAML object"), ("a: \u{1}", "control characters"), ("a: b: c", "at line 1"),
        ])
    func malformed(text: String, said: String) {
        let error = #expect(throws: CommandFailure.self) { try read(text.utf8) }
        #expect(error?.description.contains(said) == true, "\(String(describing: error))")
        #expect(error?.description.contains("\n") == false)
    }

    @Test("is refused when it is no text, and when it is larger than any job")
    func unlikely() {
        let error = #expect(throws: CommandFailure.self) { try read([0xFF, 0xFE]) }
        #expect(error?.description.hasSuffix("is not UTF-8 text.") == true)
        let size = #expect(throws: CommandFailure.self) { try read(repeatElement(0x20, count: 17 << 20)) }
        #expect(size?.description.hasSuffix("is larger than 16 MiB.") == true)
    }

    @Test("must be there and readable", arguments: [("/nonexistent/job", "No such file"), ("/tmp", "directory")])
    func unreadable(path: String, said: String) {
        let error = #expect(throws: CommandFailure.self) { try InputFile(path: path).contents() }
        #expect(error?.description.contains(said) == true)
    }
}
