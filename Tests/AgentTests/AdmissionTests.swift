import Testing
import Workload

@testable import Agent

@Suite("Who starts next")
struct AdmissionTests {
    private func queue(_ ranges: AdmissionQueue.Range...) -> AdmissionQueue {
        var queue = AdmissionQueue(total: Resources(cpuMilli: 4000, memoryMiB: 1000))
        for range in ranges { queue.append(range) }
        return queue
    }

    private func range(
        _ jobUID: String, _ indices: Range<UInt32>, attempt: UInt32 = 0, priority: Int32 = 0,
        of submitter: String = "alice", cpuMilli: Int = 1000
    ) -> AdmissionQueue.Range {
        AdmissionQueue.Range(
            jobUID: jobUID, indices: indices, attempt: attempt, priority: priority, submitter: submitter,
            needs: Resources(cpuMilli: cpuMilli, memoryMiB: 1))
    }

    /// Starts what fits, without ending anything.
    private func start(_ queue: inout AdmissionQueue, _ capacity: inout Capacity) -> [String] {
        var order: [String] = []
        while let next = queue.first(in: capacity) {
            let isTaken = capacity.take(next.needs)
            #expect(isTaken)
            queue.start(next)
            order.append("\(next.jobUID)\(next.first.index)")
        }
        return order
    }

    /// Starts and ends everything, one at a time.
    private func drain(_ queue: inout AdmissionQueue) -> [String] {
        let capacity = Capacity(Resources(cpuMilli: 4000, memoryMiB: 1000))
        var order: [String] = []
        while let next = queue.first(in: capacity) {
            queue.start(next)
            order.append("\(next.jobUID)\(next.first.index)")
            queue.end(next)
        }
        return order
    }

    @Test("is decided by priority, then by age, then by index")
    func order() {
        var queue = queue(range("a", 0..<2), range("b", 5..<6), range("c", 0..<2, priority: 9), range("a", 2..<2))
        #expect(drain(&queue) == ["c0", "c1", "a0", "a1", "b5"])
    }

    @Test("leaves out a job that was stopped")
    func removal() {
        var queue = queue(range("a", 0..<2), range("b", 0..<1), range("a", 7..<8, attempt: 1, priority: 5))
        let removed = queue.remove(jobUID: "a").flatMap { Array($0.attempts) }
        #expect(removed.map(\.index) == [0, 1, 7])
        #expect(removed.map(\.attempt) == [0, 0, 1])
        #expect(drain(&queue) == ["b0"])
    }

    @Test("is found as fast among 100,000 as among few")
    func many() {
        var queue = queue(range("a", 0..<100_000))
        #expect(drain(&queue).count == 100_000)
    }

    @Test("is whoever holds the least: what one submitter has waiting, however urgent, does not keep others waiting")
    func turns() {
        var queue = queue(
            range("a", 0..<500, priority: 99), range("b", 0..<9, of: "bob"), range("c", 0..<1, of: "carol"))
        var capacity = Capacity(Resources(cpuMilli: 4000, memoryMiB: 1000))
        #expect(start(&queue, &capacity) == ["a0", "b0", "c0", "a1"])
        let ended = range("a", 0..<1)
        capacity.giveBack(ended.needs)
        queue.end(ended)
        // Equal again: bob has waited longer since his last one.
        #expect(start(&queue, &capacity) == ["b1"])
    }

    @Test("is a large task once its turn has come, although small ones of others would fit")
    func clearing() {
        var queue = queue(
            range("s", 0..<9), range("l", 0..<1, of: "bob", cpuMilli: 4000), range("t", 0..<9, of: "carol"))
        var capacity = Capacity(Resources(cpuMilli: 4000, memoryMiB: 1000))
        #expect(start(&queue, &capacity) == ["s0"])
        let ended = range("s", 0..<1)
        capacity.giveBack(ended.needs)
        queue.end(ended)
        #expect(start(&queue, &capacity) == ["l0"])
    }

    @Test("is another's while a submitter's own tasks are in the way of their large one")
    func ownWay() {
        var queue = queue(range("long", 0..<1), range("l", 0..<1, cpuMilli: 4000))
        var capacity = Capacity(Resources(cpuMilli: 4000, memoryMiB: 1000))
        #expect(start(&queue, &capacity) == ["long0"])
        queue.append(range("b", 0..<9, of: "bob"))
        #expect(start(&queue, &capacity) == ["b0", "b1", "b2"])
        for (ended, next) in [(range("long", 0..<1), ["b3"]), (range("b", 0..<1, of: "bob"), [])] {
            capacity.giveBack(ended.needs)
            queue.end(ended)
            // It was bob's turn already; then it is the large one's, and nobody else starts.
            #expect(start(&queue, &capacity) == next)
        }
    }

    @Test("needs processors and memory that are free")
    func capacity() {
        var capacity = Capacity(Resources(cpuMilli: 4000, memoryMiB: 1000))
        let small = Resources(cpuMilli: 1000, memoryMiB: 400)
        let taken = [capacity.take(small), capacity.take(small), capacity.take(small)]
        #expect(taken == [true, true, false])
        capacity.giveBack(small)
        let rest = [
            capacity.take(Resources(cpuMilli: 3000, memoryMiB: 600)),
            capacity.take(Resources(cpuMilli: 1, memoryMiB: 0)),
        ]
        #expect(rest == [true, false])
    }

    @Test("runs alone when it wants more processors than there are")
    func alone() {
        var capacity = Capacity(Resources(cpuMilli: 2000, memoryMiB: 1000))
        let large = Resources(cpuMilli: 64_000, memoryMiB: 1)
        let small = Resources(cpuMilli: 1, memoryMiB: 1)
        #expect(capacity.refusal(of: large) == nil)
        let behindSmall = [capacity.take(small), capacity.take(large)]
        #expect(behindSmall == [true, false])
        capacity.giveBack(small)
        let behindLarge = [capacity.take(large), capacity.take(small)]
        #expect(behindLarge == [true, false])
        #expect(capacity.refusal(of: Resources(cpuMilli: 1, memoryMiB: 1001)) != nil)
    }
}
