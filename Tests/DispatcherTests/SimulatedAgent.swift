import Foundation
import Schema

@testable import Dispatcher

/// An agent that keeps to the protocol by itself: it queues leases, "runs" what the test lets it, keeps reports until
/// they are acknowledged, and outlives dispatchers.
actor SimulatedAgent {
    let incarnation = UUID().uuidString
    /// How often each attempt was started.
    private(set) var starts: [Attempt: Int] = [:]
    private var sequence: UInt64 = 0
    private var known: Set<Attempt> = []
    private var queue: [Attempt] = []
    private var plans: Set<String> = []
    private var outbox: [Landfall_Agent_V1_Item] = []
    private var generation = 0
    private var isWelcome = false
    private var line: AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>.Continuation?

    func connect(_ dispatcher: Dispatcher) {
        disconnect()
        let (requests, line) = AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>.makeStream()
        self.line = line
        let generation = generation
        Task {
            try? await dispatcher.serve(requests: requests) { await self.receive($0, of: generation) }
        }
        line.yield(
            .with {
                $0.hello.node = "n1"
                $0.hello.incarnation = incarnation
                $0.hello.cpuMilli = 8000
                $0.hello.memoryMib = 16_000
                $0.hello.attempts = Array(known)
                $0.hello.plans = Array(plans)
            })
    }

    func disconnect() {
        generation += 1
        isWelcome = false
        line?.finish()
        line = nil
    }

    /// Runs the attempt whose turn it is.
    func work(exitCode: Int32) {
        guard !queue.isEmpty else { return }
        let attempt = queue.removeFirst()
        starts[attempt, default: 0] += 1
        report(attempt, .started(.init()))
        let text = Data("\(attempt.jobUid)/\(attempt.index)/\(attempt.attempt)".utf8)
        report(attempt, .lines(.with { $0.lines = [.with { $0.text = text }] }))
        report(attempt, .ended(.with { $0.exitCode = exitCode }))
    }

    private func report(_ attempt: Attempt, _ kind: Landfall_Agent_V1_Item.OneOf_Kind) {
        sequence += 1
        let item = Landfall_Agent_V1_Item.with {
            $0.sequence = sequence
            $0.attempt = attempt
            $0.kind = kind
        }
        outbox.append(item)
        if isWelcome { send([item]) }
    }

    private func send(_ items: [Landfall_Agent_V1_Item]) {
        guard !items.isEmpty else { return }
        line?.yield(.with { $0.batch.items = items })
    }

    private func receive(_ message: Landfall_Agent_V1_ToAgent, of generation: Int) {
        guard generation == self.generation else { return }
        switch message.kind {
        case .welcome(let welcome)?:
            acknowledge(welcome.applied)
            isWelcome = true
            send(outbox)
        case .ack(let ack)?: acknowledge(ack.applied)
        case .lease(let lease)?:
            if !lease.plan.isEmpty { plans.insert(lease.jobUid) }
            for attempt in lease.attempts where known.insert(attempt).inserted { queue.append(attempt) }
        case .stop(let stop)?:
            let stopped = queue.filter { $0.jobUid == stop.jobUid }
            queue.removeAll { $0.jobUid == stop.jobUid }
            for attempt in stopped { report(attempt, .ended(.with { $0.neverStarted = true })) }
        case .forget(let forget)?: plans.remove(forget.jobUid)
        default: break
        }
    }

    private func acknowledge(_ applied: UInt64) {
        for item in outbox where item.sequence <= applied {
            if case .ended? = item.kind { known.remove(item.attempt) }
        }
        outbox.removeAll { $0.sequence <= applied }
    }
}
