import Foundation
import Schema
import Synchronization
import Testing

@testable import Agent

@Suite("The outbox")
struct OutboxTests {
    private let attempt = AttemptID(jobUID: "job", index: 4, attempt: 0)

    private func lines(_ count: Int) -> Outbox.Item.OneOf_Kind {
        .lines(.with { $0.lines = [.with { $0.text = Data(count: count) }] })
    }

    @Test("numbers items from 1 and keeps them until they are acknowledged")
    func numbers() {
        let outbox = Outbox(limit: 1000) {}
        outbox.add(.started(.init()), of: attempt.message)
        outbox.add(lines(10), of: attempt.message)
        outbox.add(.ended(.init()), of: attempt.message)
        #expect(outbox.batch(after: 0, size: .max).map(\.sequence) == [1, 2, 3])
        #expect(outbox.acknowledge(2).isEmpty)
        #expect(outbox.batch(after: 0, size: .max).map(\.sequence) == [3])
        #expect(outbox.batch(after: 3, size: .max).isEmpty)
        #expect(outbox.acknowledge(3) == [attempt])
        #expect(outbox.isEmpty)
        outbox.add(.started(.init()), of: attempt.message)
        #expect(outbox.batch(after: 3, size: .max).map(\.sequence) == [4])
    }

    @Test("survives an acknowledgement of what was never sent")
    func ahead() {
        let outbox = Outbox(limit: 1000) {}
        outbox.add(.started(.init()), of: attempt.message)
        #expect(outbox.acknowledge(99).isEmpty)
        outbox.add(.started(.init()), of: attempt.message)
        #expect(outbox.batch(after: 0, size: .max).map(\.sequence) == [2])
    }

    @Test("cuts batches by size, but never to nothing")
    func sizes() {
        let outbox = Outbox(limit: 100_000) {}
        for _ in 0..<4 { outbox.add(lines(1000), of: attempt.message) }
        #expect(outbox.batch(after: 0, size: 1).map(\.sequence) == [1])
        #expect(outbox.batch(after: 1, size: 2000).map(\.sequence) == [2, 3])
    }

    @Test("is full at its limit, and has room again when half is acknowledged")
    func room() {
        let calls = Mutex(0)
        let outbox = Outbox(limit: 1000) { calls.withLock { $0 += 1 } }
        for _ in 0..<4 { outbox.add(lines(250), of: attempt.message) }
        #expect(!outbox.hasRoom())
        outbox.add(.ended(.init()), of: attempt.message)
        _ = outbox.acknowledge(1)
        #expect(!outbox.hasRoom())
        #expect(calls.withLock { $0 } == 0)
        _ = outbox.acknowledge(3)
        #expect(outbox.hasRoom())
        #expect(calls.withLock { $0 } == 1)
    }
}
