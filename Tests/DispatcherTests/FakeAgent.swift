import Dispatcher
import Foundation
import Schema
import SwiftProtobuf

typealias Attempt = Landfall_Agent_V1_Attempt

/// An agent that runs nothing: tests take its leases and say what became of them.
actor FakeAgent {
    let node: String
    let incarnation: String
    private let dispatcher: Dispatcher
    private let cpuMilli: Int64
    private let memoryMiB: Int64
    private var sequence: UInt64 = 0
    private var inbox: [Landfall_Agent_V1_ToAgent.OneOf_Kind] = []
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var line: AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>.Continuation?
    private var session: Task<Void, any Error>?

    init(
        _ dispatcher: Dispatcher, node: String = "n1", incarnation: String = UUID().uuidString,
        cpuMilli: Int64 = 8000, memoryMiB: Int64 = 16_000
    ) {
        self.dispatcher = dispatcher
        self.node = node
        self.incarnation = incarnation
        self.cpuMilli = cpuMilli
        self.memoryMiB = memoryMiB
    }

    /// Connects, and returns what the welcome says was applied.
    @discardableResult
    func connect(attempts: [Attempt] = [], plans: [String] = []) async -> UInt64 {
        let (requests, line) = AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>.makeStream()
        self.line = line
        session = Task { [dispatcher] in
            try await dispatcher.serve(requests: requests) { await self.receive($0) }
        }
        line.yield(
            .with {
                $0.hello.node = node
                $0.hello.incarnation = incarnation
                $0.hello.cpuMilli = cpuMilli
                $0.hello.memoryMib = memoryMiB
                $0.hello.attempts = attempts
                $0.hello.plans = plans
            })
        return await next { if case .welcome(let welcome) = $0 { welcome.applied } else { nil } }
    }

    /// Goes away, and returns when the dispatcher has seen it.
    func disconnect() async {
        line?.finish()
        _ = try? await session?.value
        inbox = []
    }

    /// Returns when the dispatcher has ended the stream.
    func ended() async { _ = try? await session?.value }

    private func receive(_ message: Landfall_Agent_V1_ToAgent) {
        guard let kind = message.kind else { return }
        inbox.append(kind)
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    /// The first message that `match` takes, waiting for it; others stay.
    func next<Value: Sendable>(_ match: @Sendable (Landfall_Agent_V1_ToAgent.OneOf_Kind) -> Value?) async -> Value {
        while true {
            for (place, kind) in inbox.enumerated() {
                if let value = match(kind) {
                    inbox.remove(at: place)
                    return value
                }
            }
            await withCheckedContinuation { waiters.append($0) }
        }
    }

    func lease() async -> Landfall_Agent_V1_Lease {
        await next { if case .lease(let lease) = $0 { lease } else { nil } }
    }

    func stop() async -> Landfall_Agent_V1_Stop {
        await next { if case .stop(let stop) = $0 { stop } else { nil } }
    }

    func forget() async -> String {
        await next { if case .forget(let forget) = $0 { forget.jobUid } else { nil } }
    }

    func mute() async -> String {
        await next { if case .mute(let mute) = $0 { mute.jobUid } else { nil } }
    }

    /// Messages that have come and were not taken.
    var kinds: [Landfall_Agent_V1_ToAgent.OneOf_Kind] { inbox }

    /// Leases that have come and were not taken.
    var leases: [Landfall_Agent_V1_Lease] {
        inbox.compactMap { if case .lease(let lease) = $0 { lease } else { nil } }
    }

    /// Reports items and returns when they are acknowledged.
    func report(_ items: [(Attempt, Landfall_Agent_V1_Item.OneOf_Kind)]) async {
        let first = sequence + 1
        sequence += UInt64(items.count)
        await send(items, from: first)
    }

    /// Reports items with sequences of the test's choice.
    func send(_ items: [(Attempt, Landfall_Agent_V1_Item.OneOf_Kind)], from first: UInt64) async {
        var batch = Landfall_Agent_V1_Batch()
        for (offset, (attempt, kind)) in items.enumerated() {
            batch.items.append(
                .with {
                    $0.sequence = first + UInt64(offset)
                    $0.attempt = attempt
                    $0.kind = kind
                })
        }
        line?.yield(.with { $0.batch = batch })
        let last = first + UInt64(items.count) - 1
        while true {
            let applied = await next { if case .ack(let ack) = $0 { ack.applied } else { nil } }
            if applied >= last { return }
        }
    }

    func start(_ attempts: Attempt...) async {
        await report(attempts.map { ($0, .started(.init())) })
    }

    func end(_ attempts: Attempt..., exitCode: Int32 = 0) async {
        await report(attempts.map { ($0, .ended(.with { $0.exitCode = exitCode })) })
    }

    /// Starts and ends every task that comes, until `count` have been run.
    func run(_ count: Int, exitCode: Int32 = 0) async {
        var left = count
        while left > 0 {
            let attempts = await lease().attempts
            for attempt in attempts {
                await report([(attempt, .started(.init())), (attempt, .ended(.with { $0.exitCode = exitCode }))])
            }
            left -= attempts.count
        }
    }
}

extension Landfall_Agent_V1_Lease {
    /// The attempts that the lease is for.
    var attempts: [Attempt] {
        (first..<first + count).map { index in
            .with {
                $0.jobUid = jobUid
                $0.index = index
                $0.attempt = attempt
            }
        }
    }
}
