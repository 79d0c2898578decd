import FoundationEssentials

/// Times and sizes that a dispatcher works with.
public struct DispatcherSettings: Sendable {
    /// How long an agent may stay away before its attempts end with code 50002, in seconds.
    public var agentGrace: TimeInterval = 300
    /// How long after a reconnection an attempt that the agent does not know is taken to have been lost on the way,
    /// in seconds: reports that the agent still held have come by then.
    public var settleTime: TimeInterval = 5
    /// How long a stopped task has between SIGTERM and SIGKILL, in seconds.
    public var stopGrace: UInt32 = 10
    /// How much work is leased beyond what a node runs at once, in seconds of its recent rate.
    public var prefetchTime: TimeInterval = 0.1
    /// Most attempts that are leased beyond what a node runs at once.
    public var largestPrefetch = 512
    /// How long a job that has nothing running may be passed by others for want of room, in seconds.
    public var starvationTime: TimeInterval = 60
    /// A batch of reports is not read while log entries of more than this many bytes wait to be kept.
    public var largestBacklog = 8 << 20
    /// How long an agent that has not connected yet may take to do so before the server leaves without it.
    public var arrival: Duration = .seconds(10)
    /// How long after the start the first jobs wait for the first agent that ever comes: what it has decides which
    /// jobs can run.
    public var introduction: Duration = .seconds(30)
    /// How long until a commit that failed is tried again.
    public var commitRetry: Duration = .seconds(1)
    /// How often waits, absences and limits are looked at.
    public var tick: Duration = .seconds(1)
    /// How long a job may stay QUEUED, in seconds (Batch: 2 days).
    public var longestQueueing: TimeInterval = 2 * 86_400
    /// How long a job may run, in seconds (Batch: 14 days).
    public var longestRun: TimeInterval = 14 * 86_400
    /// How long a job stays readable after its end, in seconds (Batch: 60 days).
    public var retention: TimeInterval = 60 * 86_400

    /// The settings that suit a server.
    public init() {}
}
