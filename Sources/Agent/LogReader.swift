import CLinux
import Foundation
import Schema
import Synchronization
import SystemPackage

/// Reads what tasks print, on a thread of its own, and puts it into the outbox line by line.
///
/// One thread with epoll serves all tasks, so that a short task costs two registrations and no switch of actors.
/// While the outbox has no room, pipes whose lines are kept are not read, and the kernel stops whoever writes to
/// them.
final class LogReader: Sendable {
    private let epoll: FileDescriptor
    private let waker: Waker
    private let outbox: Outbox
    private let state = Mutex(State())

    private struct State {
        var pipes: [UInt64: LogPipe] = [:]
        /// Pipes that wait for room in the outbox: they are not watched.
        var paused: Set<UInt64> = []
        /// 0 is the waker's.
        var nextToken: UInt64 = 1
        var isClosed = false
    }

    /// - Throws: `Errno` when epoll cannot be set up.
    init(outbox: Outbox, waker: Waker) throws {
        let raw = clinux_epoll_create()
        guard raw >= 0 else { throw Errno(rawValue: errno) }
        epoll = FileDescriptor(rawValue: raw)
        self.waker = waker
        self.outbox = outbox
        guard clinux_epoll_add(raw, waker.descriptor.rawValue, 0) == 0 else {
            let error = Errno(rawValue: errno)
            try? epoll.close()
            throw error
        }
        let thread = Thread { [self] in run() }
        thread.name = "logs"
        thread.start()
    }

    /// Reads `pipe`, which must be non-blocking, until its end, and closes it. `latch` is left then.
    func add(_ pipe: FileDescriptor, from source: LogSource, until latch: DrainLatch) {
        latch.enter()
        let isWatched = state.withLock { state in
            guard !state.isClosed else { return false }
            let token = state.nextToken
            state.nextToken += 1
            guard clinux_epoll_add(epoll.rawValue, pipe.rawValue, token) == 0 else { return false }
            state.pipes[token] = LogPipe(descriptor: pipe, source: source, latch: latch)
            return true
        }
        guard !isWatched else { return }
        try? pipe.close()
        latch.leave()
    }

    /// Looks again at the pipes that were held up: a job was muted.
    func reconsider() {
        waker.wake()
    }

    /// Closes the pipes that belong to `latch`, read to their ends or not.
    func abandon(_ latch: DrainLatch) {
        state.withLock { state in
            for (token, pipe) in state.pipes where pipe.latch === latch { close(token, in: &state) }
        }
    }

    /// Ends the thread and closes all pipes.
    func close() {
        state.withLock { $0.isClosed = true }
        waker.wake()
    }

    private func run() {
        var tokens = [UInt64](repeating: 0, count: 64)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = clinux_epoll_wait(epoll.rawValue, &tokens, 64)
            for token in tokens.prefix(Int(max(count, 0))) {
                if token == 0 { waker.clear() }
                state.withLock { state in
                    if token == 0 { resume(&state) } else { serve(token, with: buffer, in: &state) }
                }
            }
            let isOver = state.withLock { state in
                guard state.isClosed else { return false }
                for token in state.pipes.keys { close(token, in: &state) }
                return true
            }
            if isOver || count < 0 { break }
        }
        try? epoll.close()
    }

    /// Watches the paused pipes again. One that still has no room pauses again at its next event.
    private func resume(_ state: inout State) {
        let paused = state.paused
        state.paused = []
        for token in paused {
            guard let pipe = state.pipes[token] else { continue }
            if clinux_epoll_add(epoll.rawValue, pipe.descriptor.rawValue, token) != 0 { close(token, in: &state) }
        }
    }

    /// Reads from a pipe that has something; a few times, so that a short task is done with in one go.
    private func serve(_ token: UInt64, with buffer: UnsafeMutableRawBufferPointer, in state: inout State) {
        for _ in 0..<4 {
            guard let pipe = state.pipes[token] else { return }
            guard !pipe.source.job.isKept || outbox.hasRoom() else {
                clinux_epoll_remove(epoll.rawValue, pipe.descriptor.rawValue)
                state.paused.insert(token)
                return
            }
            let count = read(pipe.descriptor.rawValue, buffer.baseAddress, buffer.count)
            if count > 0 {
                state.pipes[token]?.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: outbox)
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                close(token, in: &state)
            } else {
                return
            }
        }
    }

    private func close(_ token: UInt64, in state: inout State) {
        guard var pipe = state.pipes.removeValue(forKey: token) else { return }
        if state.paused.remove(token) == nil { clinux_epoll_remove(epoll.rawValue, pipe.descriptor.rawValue) }
        pipe.finish(to: outbox)
        try? pipe.descriptor.close()
        pipe.latch.leave()
    }
}
