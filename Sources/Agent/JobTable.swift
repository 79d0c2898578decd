import Schema
import Workload

/// The jobs that the agent has to do with, and every attempt whose end the server has not acknowledged.
struct JobTable {
    struct Job {
        /// Nil when the plan was refused, or never came.
        var plan: Plan?
        /// Why there is no plan.
        var refusal = "The job's plan did not come with its first lease."
        var log = JobLog(kept: false)
        /// Attempts that wait or run, or whose end the server has not acknowledged.
        var known: Set<Key> = []
        /// The server needs the job no more: it goes with its last attempt.
        var isForgotten = false
    }

    /// An attempt of a job.
    struct Key: Hashable {
        var index: UInt32
        var attempt: UInt32
    }

    private var jobs: [String: Job] = [:]
    /// How many attempts are known, over all jobs.
    private(set) var attemptCount = 0

    subscript(uid: String) -> Job? { jobs[uid] }

    /// All jobs whose plan need not be sent again.
    var plans: [String] { jobs.compactMap { $0.value.plan == nil ? nil : $0.key } }

    /// All attempts whose end the server has not acknowledged.
    var attempts: [AttemptID] {
        jobs.flatMap { uid, job in
            job.known.map { AttemptID(jobUID: uid, index: $0.index, attempt: $0.attempt) }
        }
    }

    /// Makes sure that a job of a lease is there, and takes the plan if one came.
    mutating func admit(_ uid: String, plan: Result<Plan, PlanCheck.Refusal>?) {
        var job = jobs[uid] ?? Job()
        job.isForgotten = false
        switch plan {
        case .success(let plan) where job.plan == nil:
            job.plan = plan
            if case .keep = plan.logs { job.log = JobLog(kept: true) }
        case .failure(let refusal):
            job.refusal = refusal.reason
        default: break
        }
        jobs[uid] = job
    }

    /// Notes the attempts of a lease.
    ///
    /// - Returns: those that were not known before, as few ranges as possible.
    mutating func note(_ uid: String, _ indices: Range<UInt32>, attempt: UInt32) -> [Range<UInt32>] {
        var new: [Range<UInt32>] = []
        for index in indices where jobs[uid]?.known.insert(Key(index: index, attempt: attempt)).inserted == true {
            attemptCount += 1
            if let last = new.last, last.upperBound == index {
                new[new.count - 1] = last.lowerBound..<(index + 1)
            } else {
                new.append(index..<(index + 1))
            }
        }
        return new
    }

    /// The server knows of an attempt's end.
    mutating func acknowledged(_ id: AttemptID) {
        let removed = jobs[id.jobUID]?.known.remove(Key(index: id.index, attempt: id.attempt))
        if removed != nil { attemptCount -= 1 }
        dropIfDone(id.jobUID)
    }

    /// The server needs the job no more.
    mutating func forget(_ uid: String) {
        jobs[uid]?.isForgotten = true
        dropIfDone(uid)
    }

    private mutating func dropIfDone(_ uid: String) {
        guard let job = jobs[uid], job.known.isEmpty, job.isForgotten || job.plan == nil else { return }
        jobs[uid] = nil
    }
}
