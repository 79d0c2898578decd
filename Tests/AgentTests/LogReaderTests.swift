import Foundation
import Schema
import SystemPackage
import Testing

@testable import Agent

@Suite("Pipes", .timeLimit(.minutes(10)))
struct LogReaderTests {
    private let log = JobLog(kept: true)

    private func reader(limit: Int) throws -> (LogReader, Outbox) {
        let waker = try Waker()
        let outbox = Outbox(limit: limit) { waker.wake() }
        return (try LogReader(outbox: outbox, waker: waker), outbox)
    }

    /// A pipe that `reader` reads; returns the end to write to, which does not block.
    private func pipe(_ reader: LogReader, _ latch: DrainLatch) throws -> FileDescriptor {
        let (read, write) = try FileDescriptor.pipe()
        for end in [read, write] { _ = fcntl(end.rawValue, F_SETFL, O_NONBLOCK) }
        let source = LogSource(attempt: .init(), step: 0, stream: .stdout, job: log)
        reader.add(read, from: source, until: latch)
        return write
    }

    /// Writes until the outbox is full and the pipe as well; returns the number of bytes.
    private func fill(_ pipe: FileDescriptor, _ outbox: Outbox) async throws -> Int {
        let line = [UInt8](repeating: 0x61, count: 999) + [0x0A]
        var written = 0
        while true {
            do {
                written += try line.withUnsafeBytes { try pipe.write($0) }
            } catch Errno.wouldBlock {
                guard outbox.hasRoom() else { return written }
                await Task.yield()
            }
        }
    }

    @Test("are not read while too much waits for the server, and are again when it has been acknowledged")
    func backPressure() async throws {
        let (reader, outbox) = try reader(limit: 200_000)
        defer { reader.close() }
        let latch = DrainLatch()
        let pipe = try pipe(reader, latch)
        let first = try await fill(pipe, outbox)
        #expect(first < 200_000 + 3 * 65536)
        _ = outbox.acknowledge(.max - 1)
        let second = try await fill(pipe, outbox)
        #expect(second > 100_000)
        _ = outbox.acknowledge(.max - 1)
        try pipe.close()
        await latch.wait()
    }

    @Test("of a muted job are read even then")
    func muted() async throws {
        let (reader, outbox) = try reader(limit: 1000)
        defer { reader.close() }
        let latch = DrainLatch()
        let pipe = try pipe(reader, latch)
        _ = try await fill(pipe, outbox)
        log.mute()
        reader.reconsider()
        try pipe.close()
        await latch.wait()
    }

    @Test("can be abandoned")
    func abandoned() async throws {
        let (reader, _) = try reader(limit: 1000)
        defer { reader.close() }
        let latch = DrainLatch()
        let pipe = try pipe(reader, latch)
        reader.abandon(latch)
        await latch.wait()
        try pipe.close()
    }
}
