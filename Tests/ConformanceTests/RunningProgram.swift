import Foundation
import TestSupport

/// A program that goes on while its test does.
struct RunningProgram {
    let process: Process
    let output: PipeReader
    let errors: PipeReader
    private let termination: AsyncStream<Int32>

    /// Starts a program that goes on.
    static func start(_ words: [String], environment: [String: String]) throws -> RunningProgram {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let output = Pipe()
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        let end = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            end.continuation.yield($0.terminationStatus)
            end.continuation.finish()
        }
        try process.run()
        return RunningProgram(
            process: process, output: PipeReader(output), errors: PipeReader(errors), termination: end.stream)
    }

    /// Waits until the program has ended; to be asked once.
    ///
    /// - Returns: its exit code, or the number of the signal that ended it.
    func end() async -> Int32 {
        // A blocking wait would take one of the few threads that all tests share.
        for await status in termination { return status }
        return process.terminationStatus
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
