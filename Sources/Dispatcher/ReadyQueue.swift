import FoundationEssentials
import Workload

/// Jobs of which tasks can be leased now, in the order in which they get them: submitters take turns, and each one's
/// own jobs come by priority, then by age (Batch, scheduling).
struct ReadyQueue {
    private struct Rank: Comparable, Sendable {
        let priority: Int
        let createdAt: Date
        let uid: String

        init(_ job: JobRecord) {
            priority = job.plan.priority
            createdAt = job.createdAt
            uid = job.uid
        }

        static func < (one: Rank, other: Rank) -> Bool {
            if one.priority != other.priority { return one.priority > other.priority }
            if one.createdAt != other.createdAt { return one.createdAt < other.createdAt }
            return one.uid < other.uid
        }
    }

    /// Uids by submitter; a set is empty only while its jobs are passed over.
    private var jobs: [String: RankedSet<String, Rank>] = [:]
    private var turns = FairTurns(total: Resources(cpuMilli: 0, memoryMiB: 0))
    private var passed: [(submitter: String, job: JobRecord?)] = []

    var isEmpty: Bool { jobs.isEmpty }

    /// The uid of the job whose turn it is.
    var first: String? { turns.next.flatMap { jobs[$0]?.first } }

    /// How many tasks of this size the submitter of the first job gets before it is another's turn; at least 1.
    func turnLength(of each: Resources) -> Int { turns.turnLength(of: each) }

    mutating func insert(_ job: JobRecord) {
        guard jobs[job.submitter]?.contains(job.uid) != true else { return }
        jobs[job.submitter, default: RankedSet()].set(Rank(job), of: job.uid)
        turns.enter(job.submitter)
    }

    mutating func remove(_ job: JobRecord) {
        jobs[job.submitter]?.remove(job.uid)
        guard jobs[job.submitter]?.isEmpty == true else { return }
        jobs[job.submitter] = nil
        turns.leave(job.submitter)
    }

    /// Passes a job over until `resume`.
    mutating func pass(_ job: JobRecord) {
        jobs[job.submitter]?.remove(job.uid)
        passed.append((job.submitter, job))
        if jobs[job.submitter]?.isEmpty == true { turns.pass(job.submitter) }
    }

    /// Passes a submitter over until `resume`, with all their jobs.
    mutating func passAll(of submitter: String) {
        passed.append((submitter, nil))
        turns.pass(submitter)
    }

    /// Takes back in what was passed over.
    mutating func resume() {
        for (submitter, job) in passed {
            if let job { jobs[submitter, default: RankedSet()].set(Rank(job), of: job.uid) }
            turns.enter(submitter)
        }
        passed = []
    }

    // MARK: What submitters hold

    mutating func share(_ total: Resources) { turns.share(total) }

    mutating func take(_ resources: Resources, by submitter: String) { turns.take(resources, by: submitter) }

    mutating func giveBack(_ resources: Resources, by submitter: String) { turns.giveBack(resources, by: submitter) }
}
