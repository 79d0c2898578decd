import Methods
import NIOCore

/// The task of a call's handler: cancelled when the peer leaves, when the call's time is over, and with the task that
/// waits for it.
struct CallTask<Value: Sendable>: Sendable {
    private let task: Task<Value, any Error>
    private let deadline: ContinuousClock.Instant?
    private let timer: Scheduled<Void>?
    private let channel: any Channel

    /// Longer waits are the same as none to an event loop's clock.
    private static var longestTimeout: Duration { .seconds(365 * 24 * 3_600) }

    /// - Parameter channel: the HTTP/2 stream; it closes when the peer resets it.
    init(on channel: any Channel, timeout: Duration?, _ operation: @escaping @Sendable () async throws -> Value) {
        let task = Task(operation: operation)
        self.task = task
        self.channel = channel
        let timeout = timeout.map { min($0, Self.longestTimeout) }
        deadline = timeout.map { .now + $0 }
        timer = timeout.map { channel.eventLoop.scheduleTask(in: TimeAmount($0)) { task.cancel() } }
        channel.closeFuture.whenComplete { _ in task.cancel() }
    }

    func cancel() {
        task.cancel()
    }

    /// Waits for the handler.
    ///
    /// - Returns: its value, or the error for the wire; `unexpected` gets what is not a `ServiceError`.
    func outcome(unexpected: (any Error) -> Void) async -> Result<Value, ServiceError> {
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        timer?.cancel()
        switch result {
        case .success(let value): return .success(value)
        case .failure(let error): return .failure(serviceError(error, unexpected))
        }
    }

    private func serviceError(_ error: any Error, _ unexpected: (any Error) -> Void) -> ServiceError {
        if let deadline, task.isCancelled, deadline <= .now {
            return ServiceError(.deadlineExceeded, "The call took longer than its client was ready to wait.")
        }
        if let error = error as? ServiceError { return error }
        if task.isCancelled || error is CancellationError || !channel.isActive {
            return ServiceError(.cancelled, "The call was cancelled.")
        }
        unexpected(error)
        return ServiceError(.internalError, "Internal error encountered.")
    }
}
