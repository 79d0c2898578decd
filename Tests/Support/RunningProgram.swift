import Foundation
private import Subprocess
import Synchronization
private import SystemPackage

/// A program that goes on while its test does.
public final class RunningProgram: Sendable {
    /// Its standard output.
    public let output: PipeReader
    /// Its standard error.
    public let errors: PipeReader
    private let child: Child
    private let termination: Task<Int32, any Error>

    /// Starts a program that goes on.
    ///
    /// - Parameters:
    ///   - words: its name or path, and its arguments.
    ///   - environment: what is added to the environment of the tests.
    /// - Throws: an error that says why it cannot be started.
    public init(_ words: [String], environment: [String: String] = [:]) async throws {
        let configuration = try Program.configuration(words, environment)
        let (output, errors) = (try Self.pipe(), try Self.pipe())
        (self.output, self.errors) = (PipeReader(output.reader), PipeReader(errors.reader))
        let child = Child()
        let (starting, started) = AsyncThrowingStream<Void, any Error>.makeStream()
        self.child = child
        termination = Task {
            defer { child.id.withLock { $0 = nil } }
            do {
                let result = try await Subprocess.run(
                    configuration, input: .none,
                    output: .fileDescriptor(output.writer, closeAfterSpawningProcess: true),
                    error: .fileDescriptor(errors.writer, closeAfterSpawningProcess: true)
                ) { execution in
                    child.id.withLock { $0 = execution.processIdentifier.value }
                    started.finish()
                }
                return Program.status(result.terminationStatus)
            } catch {
                started.finish(throwing: error)
                throw error
            }
        }
        for try await _ in starting {}
    }

    /// Sends the program a signal, unless it has ended.
    public func send(_ signal: Int32) {
        child.id.withLock { id in _ = id.map { kill($0, signal) } }
    }

    /// Waits until the program has ended.
    ///
    /// - Returns: its exit code, or 128 and the number of the signal that ended it.
    public func end() async throws -> Int32 { try await termination.value }

    /// No other program that is started meanwhile keeps its ends.
    private static func pipe() throws -> (reader: FileDescriptor, writer: FileDescriptor) {
        let ends = try FileDescriptor.pipe()
        for end in [ends.readEnd, ends.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        return (ends.readEnd, ends.writeEnd)
    }

    private final class Child: Sendable {
        /// nil when the program does not run.
        let id = Mutex<pid_t?>(nil)
    }
}

/// Reads a pipe on threads of its own, since a blocking read would take one of the few that all tests share.
public final class PipeReader: Sendable {
    private let handle: FileHandle

    fileprivate init(_ end: FileDescriptor) {
        handle = FileHandle(fileDescriptor: end.rawValue, closeOnDealloc: true)
    }

    /// What comes until the end.
    public func text() async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [handle] in
                let data = (try? handle.readToEnd()) ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }

    /// What has come so far, at least one byte; nil at the end.
    public func some() async -> String? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [handle] in
                let data = handle.availableData
                continuation.resume(returning: data.isEmpty ? nil : String(decoding: data, as: UTF8.self))
            }
        }
    }
}
