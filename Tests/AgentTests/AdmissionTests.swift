import Testing
import Workload

@testable import Agent

@Suite("Who starts next")
struct AdmissionTests {
    private func drain(_ queue: inout AdmissionQueue) -> [String] {
        var order: [String] = []
        while let next = queue.first {
            order.append("\(next.jobUID)\(next.index)")
            queue.removeFirst()
        }
        return order
    }

    @Test("is decided by priority, then by age, then by index")
    func order() {
        var queue = AdmissionQueue()
        queue.append(jobUID: "a", indices: 0..<2, attempt: 0, priority: 0)
        queue.append(jobUID: "b", indices: 5..<6, attempt: 0, priority: 0)
        queue.append(jobUID: "c", indices: 0..<2, attempt: 0, priority: 9)
        queue.append(jobUID: "a", indices: 2..<2, attempt: 0, priority: 99)
        #expect(drain(&queue) == ["c0", "c1", "a0", "a1", "b5"])
    }

    @Test("leaves out a job that was stopped")
    func removal() {
        var queue = AdmissionQueue()
        queue.append(jobUID: "a", indices: 0..<2, attempt: 0, priority: 0)
        queue.append(jobUID: "b", indices: 0..<1, attempt: 0, priority: 0)
        queue.append(jobUID: "a", indices: 7..<8, attempt: 1, priority: 5)
        let removed = queue.remove(jobUID: "a").flatMap { Array($0.attempts) }
        #expect(removed.map(\.index) == [0, 1, 7])
        #expect(removed.map(\.attempt) == [0, 0, 1])
        #expect(drain(&queue) == ["b0"])
    }

    @Test("is found as fast among 100,000 as among few")
    func many() {
        var queue = AdmissionQueue()
        queue.append(jobUID: "a", indices: 0..<100_000, attempt: 0, priority: 0)
        #expect(drain(&queue).count == 100_000)
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
