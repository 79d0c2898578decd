import NIOCore

/// Closes a channel whose peer takes nothing of what is sent to it for too long.
final class StalledWrites: ChannelOutboundHandler {
    typealias OutboundIn = Any
    typealias OutboundOut = Any

    private let patience: TimeAmount
    private var waiting = 0
    private var lastProgress = NIODeadline.uptimeNanoseconds(0)
    private var timer: Scheduled<Void>?

    /// - Parameter patience: how long a write may wait while none before it is finished.
    init(_ patience: Duration) {
        self.patience = TimeAmount(patience)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        if waiting == 0 { lastProgress = .now() }
        waiting += 1
        promise.futureResult.assumeIsolated().whenComplete { _ in self.finished() }
        context.write(data, promise: promise)
        if waiting > 0, timer == nil { watch(context, until: lastProgress + patience) }
    }

    private func finished() {
        waiting -= 1
        lastProgress = .now()
    }

    /// One timer goes on from write to write: most are finished long before.
    private func watch(_ context: ChannelHandlerContext, until deadline: NIODeadline) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.timer = nil
            guard handler.waiting > 0 else { return }
            let deadline = handler.lastProgress + handler.patience
            guard deadline <= .now() else { return handler.watch(context, until: deadline) }
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }
}
