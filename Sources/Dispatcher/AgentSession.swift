import FoundationEssentials
import Schema
import Store
import Workload

/// How an agent breaks the protocol.
public enum AgentError: Error, Hashable, Sendable {
    /// The first message must be a Hello, and no later one.
    case helloExpected
    /// The Hello lacks a name or a capacity, or one of them is out of range.
    case badHello(String)
    /// Another connection of the same node took over, or the dispatcher is not running.
    case replaced
}

extension Dispatcher {
    /// Serves one connected agent; returns when its stream ends or another connection of its node takes over.
    ///
    /// - Parameters:
    ///   - requests: what the agent sends.
    ///   - port: where tasks find the server, for the agent to know; nil: it is not told.
    ///   - send: sends to the agent; called by one caller at a time, in order.
    /// - Throws: `AgentError`, and what `requests` and `send` throw.
    public func serve(
        requests: AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>, port: Landfall_Agent_V1_Port? = nil,
        send: @escaping @Sendable (Landfall_Agent_V1_ToAgent) async throws -> Void
    ) async throws {
        guard isStarted, !isStopped else { throw AgentError.replaced }
        let (outbox, outlet) = AsyncStream<Landfall_Agent_V1_ToAgent>.makeStream()
        connections += 1
        let connection = Node.Connection(number: connections, outlet: outlet, port: port)
        defer { disconnect(connection.number) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await message in outbox { try await send(message) } }
            group.addTask { try await self.receive(requests, on: connection) }
            // Whichever ends first ends the other: there is no half a connection.
            try await group.next()
            outlet.finish()
            group.cancelAll()
        }
    }

    private func receive(
        _ requests: AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>, on connection: Node.Connection
    ) async throws {
        var node: Node?
        var hasGreeted = false
        for try await request in requests {
            switch request.kind {
            case .hello(let hello)? where !hasGreeted:
                node = try welcome(hello, on: connection)
                hasGreeted = true
            case .batch(let batch)? where hasGreeted:
                guard let node else {
                    ignore(batch, on: connection)
                    continue
                }
                guard node.connection?.number == connection.number else { throw AgentError.replaced }
                applyReports(batch.items, of: node)
                await room()
            default:
                throw AgentError.helloExpected
            }
        }
    }

    /// Takes an agent in.
    ///
    /// - Returns: its node; nil when its attempts were given up and it has to start anew.
    private func welcome(
        _ hello: Landfall_Agent_V1_Hello, on connection: Node.Connection
    ) throws -> Node? {
        let record = try NodeRecord(hello)
        let known = nodes[record.name]
        if let known, known.incarnation == record.incarnation {
            guard !known.record.isLost else {
                turnAway(connection, applied: known.applied)
                return nil
            }
            known.record = record
            connect(known, connection)
            reconcile(known, with: hello)
        } else {
            if let known { lose(known, at: now()) }
            let node = Node(record, applied: 0)
            nodes[record.name] = node
            connect(node, connection)
            reconcile(node, with: hello)
        }
        journal.nodes[record.name] = record
        measure()
        explainAnew()
        commitSoon()
        lease()
        return nodes[record.name]
    }

    private func connect(_ node: Node, _ connection: Node.Connection) {
        node.connection?.outlet.finish()
        node.connection = connection
        node.awaySince = nil
        let welcome = Landfall_Agent_V1_Welcome.with {
            $0.applied = node.durable
            if let port = connection.port { $0.port = port }
        }
        node.send(.welcome(welcome))
        if let leaving { node.send(.leave(leaving)) }
        logger.info("node connected", metadata: ["node": "\(node.record.name)"])
    }

    /// Compares what an agent has with what it was given.
    private func reconcile(_ node: Node, with hello: Landfall_Agent_V1_Hello) {
        let told = Set(
            hello.attempts.map { Node.Doubt(jobUID: $0.jobUid, index: Int($0.index), attempt: Int($0.attempt)) })
        node.doubts = []
        node.doubtsEnd = now().addingTimeInterval(settings.settleTime)
        for uid in node.held.keys {
            for (index, attempt) in ledgers[uid]?.attempts ?? [:] where attempt.holder == node.incarnation {
                let doubt = Node.Doubt(jobUID: uid, index: index, attempt: attempt.task.attempt)
                if !told.contains(doubt) { node.doubts.insert(doubt) }
            }
        }
        // What nobody waits for any more, and what should already have been stopped.
        for uid in Set(hello.attempts.map(\.jobUid)) {
            let state = ledgers[uid]?.job.state
            let expired = if case .expired? = ledgers[uid]?.job.ending { true } else { false }
            if node.held[uid] == nil || state == .cancelling || state == .deleting || expired {
                post(.stop(stop(uid)), to: node)
            }
        }
        node.plans = []
        for uid in hello.plans {
            guard let ledger = ledgers[uid], !ledger.isOver else {
                post(.forget(.with { $0.jobUid = uid }), to: node)
                continue
            }
            node.plans.insert(uid)
            if ledger.isMuted { post(.mute(.with { $0.jobUid = uid }), to: node) }
            tellBarriers(of: ledger, to: node)
        }
    }

    private func turnAway(_ connection: Node.Connection, applied: UInt64) {
        connection.outlet.yield(.with { $0.welcome.applied = applied })
        connection.outlet.yield(
            .with {
                $0.leave.stopTasks = true
                $0.leave.startAnew = true
            })
    }

    /// Acknowledges what an agent reports that has to start anew: its attempts were given up long ago.
    private func ignore(_ batch: Landfall_Agent_V1_Batch, on connection: Node.Connection) {
        guard let last = batch.items.last else { return }
        connection.outlet.yield(.with { $0.ack.applied = last.sequence })
    }

    private func disconnect(_ connection: Int) {
        for node in nodes.values where node.connection?.number == connection {
            node.connection?.outlet.finish()
            node.connection = nil
            node.awaySince = now()
            explainAnew()
            logger.info("node disconnected", metadata: ["node": "\(node.record.name)"])
        }
    }

    /// Gives up the attempts of an agent that is gone.
    func lose(_ node: Node, at time: Date) {
        if !node.held.isEmpty {
            let count = node.held.values.reduce(0, +)
            logger.warning(
                "an agent is gone, and what it ran", metadata: ["node": "\(node.record.name)", "tasks": "\(count)"])
        }
        node.connection?.outlet.finish()
        node.connection = nil
        for uid in Array(node.held.keys) {
            guard let ledger = ledgers[uid] else { continue }
            let lost = ledger.attempts.filter { $0.value.holder == node.incarnation }.keys.sorted()
            for index in lost {
                let code = ReservedExitCode.agentLost.rawValue
                apply(.ended(exitCode: code, detail: nil), toAttempt: index, of: ledger, at: time)
            }
        }
        measure()
        explainAnew()
    }
}

extension NodeRecord {
    fileprivate init(_ hello: Landfall_Agent_V1_Hello) throws {
        for text in [hello.node, hello.incarnation] {
            guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(Self.isPlain) else {
                throw AgentError.badHello("a name is not 1 to 128 of the characters A-Z a-z 0-9 . _ -")
            }
        }
        guard (1...1_000_000_000).contains(hello.cpuMilli), (1...1_000_000_000).contains(hello.memoryMib) else {
            throw AgentError.badHello("a capacity is out of range")
        }
        self.init(
            name: hello.node, incarnation: hello.incarnation, isLost: false, cpuMilli: Int(hello.cpuMilli),
            memoryMiB: Int(hello.memoryMib))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
