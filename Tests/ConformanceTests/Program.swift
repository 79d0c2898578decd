import Foundation
import Testing

/// Runs programs as a person at a shell would.
enum Program {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Runs a program to its end, at most `timeout` seconds.
    static func run(
        _ words: [String], environment: [String: String] = [:], input: String = "", timeout: Double = 120
    ) async throws -> Result {
        let process = try start(words, environment: environment, input: input)
        let killer = Task {
            try await Task.sleep(for: .seconds(timeout))
            process.process.terminate()
        }
        defer { killer.cancel() }
        async let output = process.output.text()
        async let errors = process.errors.text()
        let texts = await (output, errors)
        return Result(status: await process.end(), output: texts.0, errors: texts.1)
    }

    /// Starts a program that goes on.
    static func start(_ words: [String], environment: [String: String], input: String = "") throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let standardInput = Pipe()
        let output = Pipe()
        let errors = Pipe()
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        let end = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            end.continuation.yield($0.terminationStatus)
            end.continuation.finish()
        }
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        return Running(
            process: process, output: PipeReader(output), errors: PipeReader(errors), termination: end.stream)
    }

    struct Running {
        let process: Process
        let output: PipeReader
        let errors: PipeReader
        fileprivate let termination: AsyncStream<Int32>

        /// Waits until the program has ended; to be asked once.
        ///
        /// - Returns: its exit code, or the number of the signal that ended it.
        func end() async -> Int32 {
            // A blocking wait would take one of the few threads that all tests share.
            for await status in termination { return status }
            return process.terminationStatus
        }
    }
}

/// Reads a pipe to its end on a thread of its own, so that a program never waits for its reader.
final class PipeReader: Sendable {
    private let handle: FileHandle

    init(_ pipe: Pipe) {
        handle = pipe.fileHandleForReading
    }

    func text() async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [handle] in
                let data = (try? handle.readToEnd()) ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }

    /// What has come so far, at least one byte; nil at the end.
    func some() async -> String? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [handle] in
                let data = handle.availableData
                continuation.resume(returning: data.isEmpty ? nil : String(decoding: data, as: UTF8.self))
            }
        }
    }
}
