import Dispatch
import Glibc
import Logging
import Sandbox

/// An agent as a process of its own: `landfall agent --worker`.
///
/// SIGTERM and SIGINT end its tasks and then itself. When its standard input ends, the supervisor that holds the
/// other end is gone, and the process ends at once; the launcher of the sandboxes then kills the tasks.
public struct AgentProcess: Sendable {
    private let configuration: AgentConfiguration
    private let sandboxes: any Sandboxes
    private let images: any ImageSource
    private let logger: Logger

    /// Describes the process; nothing runs yet.
    public init(
        configuration: AgentConfiguration, sandboxes: any Sandboxes, images: any ImageSource = NoImages(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.sandboxes = sandboxes
        self.images = images
        self.logger = logger
    }

    /// Runs the agent until it is told to leave.
    ///
    /// - Parameters:
    ///   - onLeaving: called when the agent leaves, before its server can see that.
    ///   - onInputEnd: called when standard input ends, just before the process does.
    /// - Returns: whether it is to be started anew.
    /// - Throws: `Errno` when the process has no descriptor left.
    public func run(
        onLeaving: @escaping @Sendable () -> Void, onInputEnd: @escaping @Sendable () -> Void
    ) async throws -> Agent.Ending {
        let agent = try Agent(configuration: configuration, sandboxes: sandboxes, images: images, logger: logger)
        let farewell = configuration.farewell
        let signals = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { Task { await agent.leave(stopTasks: true, farewell: farewell) } }
            source.activate()
            return source
        }
        defer { for source in signals { source.cancel() } }
        let input = watchInput(onInputEnd)
        defer { input.cancel() }
        return await agent.run(onLeaving: onLeaving)
    }

    private func watchInput(_ onEnd: @escaping @Sendable () -> Void) -> any DispatchSourceRead {
        let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO)
        source.setEventHandler { [logger] in
            var byte: UInt8 = 0
            guard read(STDIN_FILENO, &byte, 1) == 0 else { return }
            logger.critical("The supervisor is gone: the tasks are lost.")
            onEnd()
            _exit(1)
        }
        source.activate()
        return source
    }
}
