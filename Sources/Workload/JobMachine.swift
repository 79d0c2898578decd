import FoundationEssentials

/// How a job goes from state to state: QUEUED → SCHEDULED → RUNNING → SUCCEEDED or FAILED, with the ways out by
/// cancellation and deletion (Batch API, `JobStatus.State`).
///
/// The counts of its tasks are carried along with every input and never counted anew.
public enum JobMachine {
    /// What can happen to a job.
    public enum Input: Hashable, Sendable {
        /// The next untouched tasks, this many, have been given to an agent.
        case leased(count: Int)
        /// A touched task changed its state.
        case task(index: Int, TaskMachine.Transition)
        /// A task has come to this many of the plan's barriers for the first time.
        case reached(barriers: Int)
        /// Somebody ends the job early.
        case cancel
        /// Somebody wants the job gone.
        case delete
        /// The job has waited or run for too long; the text says it to people.
        case expire(String)
        /// Something that people should know.
        case note(String)
    }

    /// What whoever drives the machine has to do about a change.
    public enum Effect: Hashable, Sendable {
        /// End the attempts that agents have.
        case stopAttempts
        /// Apply `TaskMachine.Input.jobEnded` to every touched task that is pending.
        case abandonWaiting
        /// The job has reached this final state.
        case ended(JobState)
        /// All tasks have come to the barrier of this number, from 0.
        case openBarrier(Int)
        /// A task has failed for good, so that barriers that are not open will never be.
        case breakBarriers
        /// Nothing of the job runs any more: remove it and its tasks.
        case remove
    }

    /// Applies an input to a job.
    ///
    /// An input that does not fit the job's state changes nothing.
    ///
    /// - Parameter time: when it happened.
    /// - Returns: what has to be done, in order.
    public static func apply(_ input: Input, to job: inout JobRecord, at time: Date) -> [Effect] {
        switch input {
        case .leased(let count):
            lease(count, of: &job, at: time)
            return []
        case .task(let index, let transition):
            return count(transition, of: index, in: &job, at: time)
        case .reached(let count):
            guard job.barriers.indices.contains(count - 1) else { return [] }
            job.barriers[count - 1] += 1
            return job.barriers[count - 1] == job.plan.taskCount ? [.openBarrier(count - 1)] : []
        case .cancel:
            guard !job.state.isFinal, job.state != .cancelling, job.state != .deleting else { return [] }
            stopStarting(&job)
            job.failuresBeforeCancel = job.count(of: .failed)
            set(.cancelling, on: &job, at: time)
            return wind(&job, stopping: true, at: time)
        case .delete:
            guard job.state != .deleting else { return [] }
            stopStarting(&job)
            set(.deleting, on: &job, at: time)
            return wind(&job, stopping: true, at: time)
        case .expire(let reason):
            guard !job.isEnding else { return [] }
            stopStarting(&job)
            job.ending = .expired(reason)
            note(reason, on: &job, at: time)
            return wind(&job, stopping: true, at: time)
        case .note(let text):
            note(text, on: &job, at: time)
            return []
        }
    }

    private static func lease(_ count: Int, of job: inout JobRecord, at time: Date) {
        guard !job.isEnding, count > 0, count <= job.untouchedCount else { return }
        job.nextIndex += count
        job.move(count, from: .pending, to: .assigned)
        job.updatedAt = time
        if job.state == .queued { set(.scheduled, on: &job, at: time) }
    }

    private static func count(
        _ transition: TaskMachine.Transition, of index: Int, in job: inout JobRecord, at time: Date
    ) -> [Effect] {
        job.move(1, from: transition.from, to: transition.to)
        job.updatedAt = time
        if transition.to == .assigned, job.state == .queued { set(.scheduled, on: &job, at: time) }
        if transition.to == .running {
            if job.startedAt == nil { job.startedAt = time }
            if job.state == .queued || job.state == .scheduled { set(.running, on: &job, at: time) }
        }
        if let event = transition.failure, !job.isEnding {
            let failure = JobEvent.FailedTask(index: index, event: event)
            switch job.plan.onTaskFailure {
            case .endJob:
                stopStarting(&job)
                job.ending = .taskFailed(failure)
                let broken: [Effect] = job.barriers.isEmpty ? [] : [.breakBarriers]
                return broken + wind(&job, stopping: false, at: time)
            case .goOn:
                job.firstFailure = job.firstFailure ?? failure
            }
        }
        return wind(&job, stopping: false, at: time)
    }

    /// Takes back what no agent has touched: it will not be executed.
    private static func stopStarting(_ job: inout JobRecord) {
        guard !job.isEnding else { return }
        job.move(job.untouchedCount, from: .pending, to: .unexecuted)
    }

    /// Sees whether the job is over, and what is left to do when it is not.
    private static func wind(_ job: inout JobRecord, stopping: Bool, at time: Date) -> [Effect] {
        let attempts = job.count(of: .assigned) + job.count(of: .running)
        let waiting = job.count(of: .pending)
        guard job.isEnding else {
            guard attempts + waiting == 0 else { return [] }
            return finish(as: job.count(of: .failed) > 0 ? .failed : .succeeded, &job, at: time)
        }
        guard attempts + waiting == 0 else {
            return (stopping && attempts > 0 ? [.stopAttempts] : []) + (waiting > 0 ? [.abandonWaiting] : [])
        }
        switch job.state {
        case .deleting: return [.remove]
        case .cancelling: return finish(as: .cancelled, &job, at: time)
        case .succeeded, .failed, .cancelled: return []
        case .queued, .scheduled, .running: return finish(as: .failed, &job, at: time)
        }
    }

    private static func finish(as state: JobState, _ job: inout JobRecord, at time: Date) -> [Effect] {
        var cause = state == .failed ? job.firstFailure : nil
        if state == .failed, case .taskFailed(let task) = job.ending { cause = task }
        set(state, on: &job, cause: cause, at: time)
        job.endedAt = time
        return [.ended(state)]
    }

    private static func set(
        _ state: JobState, on job: inout JobRecord, cause: JobEvent.FailedTask? = nil, at time: Date
    ) {
        job.events.append(JobEvent(time: time, kind: .state(from: job.state, to: state, cause: cause)))
        job.state = state
        job.updatedAt = time
    }

    private static func note(_ text: String, on job: inout JobRecord, at time: Date) {
        job.events.append(JobEvent(time: time, kind: .note(text)))
        job.updatedAt = time
    }
}
