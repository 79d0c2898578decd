/// How many processes and threads tasks may have: a fork bomb stays in its sandbox, and many of them leave the machine
/// enough to go on.
struct ProcessLimits: Sendable {
    /// Of one task.
    let task: Int
    /// Of all tasks of one agent together: half of what the machine can have.
    let allTasks: Int

    /// - Parameters:
    ///   - ids: how many process ids the kernel gives out (`kernel.pid_max`).
    ///   - threads: how many threads it can have (`kernel.threads-max`).
    init(ids: Int, threads: Int) {
        allTasks = max(min(ids, threads) / 2, 1)
        task = max(min(4096, allTasks / 8), 1)
    }

    static var ofThisMachine: ProcessLimits {
        ProcessLimits(ids: setting("pid_max") ?? 32768, threads: setting("threads-max") ?? 32768)
    }

    private static func setting(_ name: String) -> Int? {
        TextFile.read("/proc/sys/kernel/\(name)").flatMap { text in
            text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
        }
    }
}
