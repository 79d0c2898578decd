import Testing
import Workload

@Suite("Turns")
struct FairTurnsTests {
    private let machine = Resources(cpuMilli: 8000, memoryMiB: 16_000)

    @Test("go to whoever holds the least, measured by the greater of their parts of processors and memory")
    func dominant() {
        var turns = FairTurns(total: machine)
        turns.enter("a")
        turns.enter("b")
        turns.take(Resources(cpuMilli: 2000, memoryMiB: 0), by: "a")
        turns.take(Resources(cpuMilli: 0, memoryMiB: 5000), by: "b")
        #expect(turns.next == "a")
        turns.take(Resources(cpuMilli: 1000, memoryMiB: 0), by: "a")
        #expect(turns.next == "b")
        turns.giveBack(Resources(cpuMilli: 3000, memoryMiB: 0), by: "a")
        #expect(turns.next == "a")
    }

    @Test("go round among equals, also when some were passed over meanwhile")
    func round() {
        var turns = FairTurns(total: machine)
        for name in ["a", "b", "c"] { turns.enter(name) }
        let task = Resources(cpuMilli: 1, memoryMiB: 1)
        var order: [String] = []
        for step in 0..<7 {
            if step == 4 { turns.pass("b") }
            if step == 5 { turns.enter("b") }
            guard let next = turns.next else { break }
            order.append(next)
            turns.take(task, by: next)
            turns.giveBack(task, by: next)
        }
        #expect(order == ["a", "b", "c", "a", "c", "b", "a"])
    }

    @Test("last until another holds less")
    func length() {
        var turns = FairTurns(total: machine)
        let task = Resources(cpuMilli: 1000, memoryMiB: 1)
        turns.enter("a")
        #expect(turns.turnLength(of: task) == .max)
        turns.enter("b")
        turns.enter("c")
        #expect(turns.turnLength(of: task) == 1)
        for name in ["a", "c"] { turns.take(Resources(cpuMilli: 3500, memoryMiB: 0), by: name) }
        #expect(turns.next == "b")
        #expect(turns.turnLength(of: task) == 4)
        turns.leave("a")
        turns.leave("c")
        #expect(turns.turnLength(of: task) == .max)
    }

    @Test("are measured anew when there is more to share")
    func growth() {
        var turns = FairTurns(total: Resources(cpuMilli: 8000, memoryMiB: 1000))
        for name in ["a", "b"] { turns.enter(name) }
        turns.take(Resources(cpuMilli: 2000, memoryMiB: 0), by: "a")
        turns.take(Resources(cpuMilli: 0, memoryMiB: 500), by: "b")
        #expect(turns.next == "a")
        turns.share(Resources(cpuMilli: 8000, memoryMiB: 4000))
        #expect(turns.next == "b")
    }
}

@Suite("A ranked set")
struct RankedSetTests {
    @Test("knows its lowest and its second rank through any changes", arguments: 0..<20 as Range<UInt64>)
    func model(seed: UInt64) {
        var state = seed
        func random(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        var set = RankedSet<Int, Int>()
        var model: [Int: Int] = [:]
        for step in 0..<500 {
            let member = random(40)
            if random(3) == 0 {
                set.remove(member)
                model[member] = nil
            } else {
                // Ranks are distinct, so that the first member is one only.
                let rank = random(1000) * 1000 + step
                set.set(rank, of: member)
                model[member] = rank
            }
            let sorted = model.sorted { $0.value < $1.value }
            #expect(set.first == sorted.first?.key)
            #expect(set.lowestRank == sorted.first?.value)
            #expect(set.secondRank == sorted.dropFirst().first?.value)
            #expect(set.contains(member) == (model[member] != nil))
            #expect(set.isEmpty == model.isEmpty)
        }
    }
}
