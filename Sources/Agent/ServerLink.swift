import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Logging
import Schema

/// The agent's connection to its server: one stream, opened again whenever it is lost.
struct ServerLink: Sendable {
    let agent: Agent
    let outbox: Outbox
    let configuration: AgentConfiguration
    let logger: Logger

    private static let method = MethodDescriptor(
        fullyQualifiedService: "landfall.agent.v1.Agents", method: "Connect")
    private static let shortestPause = Duration.milliseconds(50)
    private static let longestPause = Duration.milliseconds(250)
    /// Batches stop growing here; with one more item they stay under 2 MiB.
    private static let batchSize = 1024 * 1024
    /// The largest message from the server, in bytes: a plan of a megabyte can take several as JSON.
    private static let largestMessage = 64 * 1024 * 1024
    /// How long items gather after a batch has been sent; the first item after a quiet time goes at once.
    private static let gathering = Duration.milliseconds(2)

    /// Stays connected until the task is cancelled.
    func run() async {
        var pause = Self.shortestPause
        var absentSince = ContinuousClock.now
        while !Task.isCancelled {
            let welcomed = Welcomed()
            do {
                try SocketCheck(path: configuration.socketPath, owner: configuration.ownerUID).verify()
                let heartbeat = Heartbeat()
                try await heartbeat.whileHeard(limit: configuration.longestSilence) {
                    try await connect(welcomed, heartbeat)
                }
                logger.info("The server closed the connection.")
            } catch let failure as SocketCheck.Failure {
                // A server that is away is nothing to report several times a second.
                logger.log(level: failure.isAbsent ? .debug : .error, "\(failure)")
            } catch let silence as Heartbeat.Silence {
                logger.warning("The server is silent, and dialled again.", metadata: ["for": "\(silence.limit)"])
            } catch {
                logger.debug("The connection to the server failed.", metadata: ["error": "\(error)"])
            }
            if welcomed.applied != nil {
                pause = Self.shortestPause
                absentSince = ContinuousClock.now
            } else if ContinuousClock.now - absentSince >= configuration.patience {
                await agent.leaveIfIdle()
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private func connect(_ welcomed: Welcomed, _ heartbeat: Heartbeat) async throws {
        let transport = try HTTP2ClientTransport.Posix(
            target: .unixDomainSocket(path: configuration.socketPath, authority: "localhost"),
            transportSecurity: .plaintext,
            // The batches are ours: nothing is won by holding flushes back.
            config: .defaults { $0.connection = .init(maxIdleTime: .seconds(3600), keepalive: nil) })
        try await withGRPCClient(transport: transport) { client in
            try await agent.services.line.open(over: client) { try await converse(over: client, welcomed, heartbeat) }
        }
    }

    private func converse(
        over client: ServerLine.Client, _ welcomed: Welcomed, _ heartbeat: Heartbeat
    ) async throws {
        var options = CallOptions.defaults
        options.waitForReady = false
        // A lease brings the plan of a job with up to 100,000 sets of variables.
        options.maxResponseMessageBytes = Self.largestMessage
        // The transport measures what it receives by the limit of what it sends.
        options.maxRequestMessageBytes = Self.largestMessage
        try await client.bidirectionalStreaming(
            request: StreamingClientRequest { writer in try await send(to: writer, welcomed) },
            descriptor: Self.method,
            serializer: ProtobufSerializer<Landfall_Agent_V1_FromAgent>(),
            deserializer: ProtobufDeserializer<Landfall_Agent_V1_ToAgent>(),
            options: options
        ) { response in
            for try await message in response.messages {
                heartbeat.beat()
                guard case .welcome(let welcome) = message.kind else {
                    await agent.receive(message)
                    continue
                }
                // Before the first lease: tasks need to know the server.
                if welcome.hasPort { await agent.services.directions.learn(welcome.port) }
                await agent.receive(message)
                logger.info("Connected to the server.", metadata: ["applied": "\(welcome.applied)"])
                welcomed.set(welcome.applied)
            }
        }
    }

    /// Says hello, waits for the welcome, and sends whatever the server does not have.
    private func send(to writer: RPCWriter<Landfall_Agent_V1_FromAgent>, _ welcomed: Welcomed) async throws {
        let hello = await agent.hello()
        try await writer.write(.with { $0.hello = hello })
        var sent = try await welcomed.wait()
        while true {
            let items = outbox.batch(after: sent, size: Self.batchSize)
            guard let last = items.last else {
                await outbox.added.wait()
                try Task.checkCancellation()
                continue
            }
            try await writer.write(.with { $0.batch = .with { $0.items = items } })
            sent = last.sequence
            try await Task.sleep(for: Self.gathering)
        }
    }
}
