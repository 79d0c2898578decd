import Dispatch
import Foundation
import Logging
import Synchronization
import SystemPackage

/// Keeps an agent alive: starts its process, and starts it again when it dies.
///
/// `landfall agent` is the supervisor and starts `landfall agent --worker …`, which does the work. The worker's
/// standard input is a pipe that only the supervisor can write to: when the supervisor dies, the worker reads the
/// end of it and dies too.
public struct AgentSupervisor: Sendable {
    private let executable: String
    private let arguments: [String]
    private let logger: Logger
    /// Doubled at every death, and set back once a worker has lived for a minute.
    private let shortestPause: Duration

    /// Describes a supervisor; nothing runs yet.
    ///
    /// - Parameters:
    ///   - executable: absolute path of the worker's program.
    ///   - arguments: its arguments.
    ///   - shortestPause: how long to wait before the first restart.
    public init(
        executable: String, arguments: [String], logger: Logger, shortestPause: Duration = .milliseconds(200)
    ) {
        self.executable = executable
        self.arguments = arguments
        self.logger = logger
        self.shortestPause = shortestPause
    }

    /// Runs until the worker ends with 0, or `ending` is told to stop and the worker has ended.
    ///
    /// - Throws: `FleetError` when the first worker cannot be started.
    public func run(until ending: SupervisorEnding) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            // A thread of its own: it waits for the worker.
            Thread.detachNewThread {
                done.resume(with: Result { try supervise(ending) })
            }
        }
    }

    /// Runs with SIGTERM and SIGINT handed on to the worker.
    ///
    /// - Throws: `FleetError` when the worker cannot be started.
    public func runHandlingSignals(until ending: SupervisorEnding) async throws {
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { ending.stop() }
            source.activate()
            return source
        }
        defer { for source in sources { source.cancel() } }
        try await run(until: ending)
    }

    private func supervise(_ ending: SupervisorEnding) throws {
        var pause = shortestPause
        var isFirst = true
        while true {
            let began = ContinuousClock.now
            do {
                guard let status = try runWorker(ending), status != 0 else { return }
                logger.error("The agent ended; its tasks are lost.", metadata: ["status": "\(status)"])
            } catch  where !isFirst {
                // What worked once may work again: the machine may be short of memory, or the program be replaced.
                logger.error("The agent could not be started.", metadata: ["error": "\(error)"])
            }
            isFirst = false
            if ContinuousClock.now - began > .seconds(60) { pause = shortestPause }
            guard !ending.waits(pause) else { return }
            pause = min(pause * 2, .seconds(30))
        }
    }

    /// Runs one worker to its end; nil when it need not start any more.
    private func runWorker(_ ending: SupervisorEnding) throws -> Int32? {
        let lifeline = try FileDescriptor.pipe()
        defer { try? lifeline.writeEnd.close() }
        for end in [lifeline.readEnd, lifeline.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        let worker: ChildProcess?
        do {
            defer { try? lifeline.readEnd.close() }
            worker = try ending.start {
                try ChildProcess.start(
                    executable, arguments, input: lifeline.readEnd, output: nil, ownSession: false)
            }
        }
        guard let worker else { return nil }
        worker.waitForEnd()
        return ending.reap(worker)
    }
}
