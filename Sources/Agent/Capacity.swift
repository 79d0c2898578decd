import Workload

/// What a machine has for tasks, and how much of it is free.
struct Capacity {
    private let total: Resources
    private var taken = Resources(cpuMilli: 0, memoryMiB: 0)

    init(_ total: Resources) {
        self.total = total
    }

    /// Why a task can never run here; nil when it can.
    func refusal(of wanted: Resources) -> String? {
        guard wanted.memoryMiB > total.memoryMiB else { return nil }
        return "The task needs \(wanted.memoryMiB) MiB of memory; this machine has \(total.memoryMiB) MiB for tasks."
    }

    /// What a task wants is free.
    func fits(_ wanted: Resources) -> Bool {
        let share = share(of: wanted)
        return taken.cpuMilli + share.cpuMilli <= total.cpuMilli
            && taken.memoryMiB + share.memoryMiB <= total.memoryMiB
    }

    /// Takes what a task wants, if that is free.
    mutating func take(_ wanted: Resources) -> Bool {
        guard fits(wanted) else { return false }
        let share = share(of: wanted)
        taken.cpuMilli += share.cpuMilli
        taken.memoryMiB += share.memoryMiB
        return true
    }

    /// Gives back what `take` took.
    mutating func giveBack(_ wanted: Resources) {
        let share = share(of: wanted)
        taken.cpuMilli -= share.cpuMilli
        taken.memoryMiB -= share.memoryMiB
    }

    /// What a task takes. More processors than there are count as all of them: such a task runs alone.
    func share(of wanted: Resources) -> Resources {
        Resources(cpuMilli: min(wanted.cpuMilli, total.cpuMilli), memoryMiB: wanted.memoryMiB)
    }
}
