import Foundation
import Glibc
import Sandbox
import SystemPackage
import Workload

/// The files that what an attempt prints is written to: all of it, and each stream by itself (Batch, `PATH`).
///
/// They are written to by the one thread that reads the pipes. What a full disk does not take is lost, as what a task
/// writes there itself would be.
final class AttemptLogFiles: Sendable {
    private let all: FileDescriptor
    private let output: FileDescriptor
    private let errors: FileDescriptor
    private let label: String
    private let id: AttemptID

    /// Opens the files of an attempt in its sandbox; nil when its plan wants none.
    ///
    /// - Throws: `SandboxError`
    init?(_ id: AttemptID, of plan: Plan, in sandbox: any TaskSandbox) async throws {
        guard case .files(let files) = plan.logs else { return nil }
        self.id = id
        label = files.label
        let name = files.name.filled(index: Int(id.index), attempt: Int(id.attempt))
        let folder = files.directory.isEmpty ? "" : files.directory + "/"
        var opened: [FileDescriptor] = []
        do {
            for kind in ["output", "stdout", "stderr"] {
                opened.append(try await sandbox.file("\(folder)\(kind)-\(name).log", ofVolume: files.volume))
            }
        } catch {
            for file in opened { try? file.close() }
            throw error
        }
        (all, output, errors) = (opened[0], opened[1], opened[2])
    }

    deinit {
        for file in [all, output, errors] { try? file.close() }
    }

    /// Writes lines of a step: `[batch_task_logs]TIME INFO: [task_id:…,runnable_index:0] TEXT`, where standard error is
    /// `ERROR`.
    func write(_ lines: [LineSplitter.Line], step: Int, isError: Bool) {
        let label = label.filled(index: Int(id.index), attempt: Int(id.attempt), step: step)
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let head = Data("[batch_task_logs]\(time) \(isError ? "ERROR" : "INFO"): [task_id:\(label)] ".utf8)
        var text = Data()
        for line in lines {
            text.append(head)
            text.append(line.text)
            text.append(UInt8(ascii: "\n"))
        }
        for file in [all, isError ? errors : output] { _ = try? file.writeAll(text) }
    }
}
