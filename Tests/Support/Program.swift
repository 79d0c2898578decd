import Foundation
internal import Subprocess
private import SystemPackage

/// Runs programs as a person at a shell would.
public enum Program {
    /// What came of a program.
    public struct Result: Sendable {
        /// Its exit code, or 128 and the number of the signal that ended it.
        public var status: Int32
        /// What it wrote to its standard output.
        public var output: String
        /// What it wrote to its standard error.
        public var errors: String
    }

    /// The most that is read of each of its outputs, in bytes.
    private static let largestOutput = 256 << 20

    /// Runs a program to its end; it is killed when that takes longer than `timeout`.
    ///
    /// - Parameters:
    ///   - words: its name or path, and its arguments.
    ///   - environment: what is added to the environment of the tests.
    /// - Throws: `TestFailure` when it cannot be started or does not end.
    public static func run(
        _ words: [String], environment: [String: String] = [:], input: String = "",
        timeout: Duration = .seconds(120)
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await run(words, environment, input) }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw TestFailure("\(words.joined(separator: " ")) did not end within \(timeout)")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw TestFailure("nothing ran") }
            return result
        }
    }

    private static func run(
        _ words: [String], _ environment: [String: String], _ input: String
    ) async throws -> Result {
        let result = try await Subprocess.run(
            configuration(words, environment), input: .string(input), output: .string(limit: largestOutput),
            error: .string(limit: largestOutput))
        return Result(
            status: status(result.terminationStatus), output: result.standardOutput, errors: result.standardError)
    }

    /// How a command is started.
    ///
    /// - Parameter environment: what is added to the environment of the tests.
    static func configuration(_ words: [String], _ environment: [String: String]) throws -> Configuration {
        guard let program = words.first else { throw TestFailure("a command without words") }
        let additions = environment.map { (Environment.Key(stringLiteral: $0.key), Optional($0.value)) }
        return Configuration(
            executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(Array(words.dropFirst())),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: additions)))
    }

    /// An end as the shell tells it: the exit code, or 128 and the number of the signal.
    static func status(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }

    /// What a line of the shell prints, its errors included.
    ///
    /// - Throws: `TestFailure` when the shell does not end.
    @discardableResult
    public static func shell(_ line: String) async throws -> String {
        try await run(["sh", "-c", "exec 2>&1; " + line]).output
    }
}
