import Logging
import Sandbox

/// Keeps a reserve free on the disk that tasks write to: when it is touched, the task whose files take the most is ended,
/// and the next one if that was not enough.
///
/// Asking a disk for its room costs a microsecond and is done once a second, more often as the reserve comes near. The
/// files of tasks are looked at only when the reserve is touched.
struct DiskGuard: Sendable {
    let sandboxes: any Sandboxes
    let logger: Logger
    /// Ends the attempt in a sandbox for a reason.
    let evict: @Sendable (_ sandboxID: String, _ why: String) async -> Void

    private static let restful = Duration.seconds(1)
    private static let watchful = Duration.milliseconds(50)
    /// How long to wait when the disk is full, but not of tasks' files.
    private static let helpless = Duration.seconds(5)
    /// How long the removal of what an ended task leaves may take before the next task has to go.
    private static let removal = Duration.seconds(30)

    /// A task that was ended, and until when to wait for its files to go.
    private struct Eviction {
        var sandboxID: String
        var end: ContinuousClock.Instant
    }

    /// What is remembered from one look to the next.
    private struct Memory {
        var last: Eviction?
        /// Sandboxes that could not be counted to the end: at their start that is so for a moment.
        var uncounted: Set<String> = []
    }

    /// Guards the disk until the task is cancelled.
    func run() async {
        var memory = Memory()
        while !Task.isCancelled {
            let reserve = sandboxes.diskRoom().map(DiskReserve.init)
            let pause =
                switch reserve?.state {
                case nil, .ample: Self.restful
                case .tight: Self.watchful
                case .short(let thing): await relieve(reserve, of: thing, with: &memory)
                }
            try? await Task.sleep(for: pause)
        }
    }

    /// Ends the task that takes the most, unless what the one before has left is still being removed.
    ///
    /// - Returns: when to look again.
    private func relieve(
        _ reserve: DiskReserve?, of thing: DiskReserve.Thing, with memory: inout Memory
    ) async -> Duration {
        let start = ContinuousClock.now
        var uses = await sandboxes.diskUse()
        let uncounted = Set(uses.filter { !$0.value.isComplete }.keys)
        for id in uncounted.subtracting(memory.uncounted) { uses[id]?.isComplete = true }
        memory.uncounted = uncounted
        // No more than a fifth of the time goes into looking at files.
        let pause = max(Self.watchful, (ContinuousClock.now - start) * 4)
        if let last = memory.last, uses[last.sandboxID] != nil, last.end > .now { return pause }
        guard let id = reserve?.heaviest(uses, of: thing), let use = uses[id] else { return max(pause, Self.helpless) }
        memory.last = Eviction(sandboxID: id, end: .now + Self.removal)
        let why = Self.reason(use, of: thing)
        logger.warning("A task is ended to make room.", metadata: ["sandbox": "\(id)", "why": "\(why)"])
        await evict(id, why)
        return pause
    }

    private static func reason(_ use: DiskUse, of thing: DiskReserve.Thing) -> String {
        let amount =
            switch thing {
            case .bytes: "\(use.bytes >> 20) MiB"
            case .files: "\(use.files) files"
            }
        let least = use.isComplete ? "" : "at least "
        return "The machine's disk was almost full, and this task took the most of it: \(least)\(amount)."
    }
}
