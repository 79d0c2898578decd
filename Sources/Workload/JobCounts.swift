extension JobRecord {
    /// How many of the job's tasks are in a state.
    public func count(of state: TaskState) -> Int { counts[state] ?? 0 }

    /// How many tasks no agent has touched.
    public var untouchedCount: Int { plan.taskCount - nextIndex }

    /// The state of the tasks that no agent has touched: pending, or unexecuted once the job is ending.
    public var untouchedState: TaskState { isEnding ? .unexecuted : .pending }

    /// Nothing more of the job is started.
    public var isEnding: Bool {
        ending != nil || state.isFinal || state == .cancelling || state == .deleting
    }

    mutating func move(_ number: Int, from: TaskState, to: TaskState) {
        guard number > 0, from != to else { return }
        let left = count(of: from) - number
        counts[from] = left == 0 ? nil : left
        counts[to, default: 0] += number
    }

    /// The numbers of the barriers that are open, from 0.
    public var openBarriers: [Int] { barriers.indices.filter { barriers[$0] == plan.taskCount } }
}
