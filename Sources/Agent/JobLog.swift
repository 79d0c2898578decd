import Synchronization

/// Whether what the tasks of a job print is kept; shared by everything that reads their pipes.
final class JobLog: Sendable {
    private let kept: Atomic<Bool>

    init(kept: Bool) {
        self.kept = Atomic(kept)
    }

    /// Lines are sent to the server; else they are read and thrown away.
    var isKept: Bool { kept.load(ordering: .relaxed) }

    /// From now on lines are thrown away.
    func mute() { kept.store(false, ordering: .relaxed) }
}
