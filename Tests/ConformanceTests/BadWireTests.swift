import Foundation
import TestSupport
import Testing

@Suite("Connections without number and bytes without end", .needsRoot, .serialized)
struct BadWireTests {
    /// What a server in a debug build may grow by under attack, in MiB, heaps of its threads included.
    private static let growth = 150

    @Test("are borne: ten thousand idle ones keep nobody out", .enabled(if: IdleCrowd.isPossible(10_000)))
    func crowd() async throws {
        try await Stranger.with { stranger in
            let crowd = IdleCrowd()
            do {
                try await bear(crowd, stranger)
            } catch {
                await crowd.leave()
                throw error
            }
        }
    }

    private func bear(_ crowd: IdleCrowd, _ stranger: Stranger) async throws {
        try await expectService(stranger, "first")
        let before = try stranger.server.residentMiB()
        try await crowd.grow(to: 5_000, port: stranger.http.port)
        try await expectService(stranger, "beside 5,000")
        let half = try stranger.server.residentMiB()
        print("idle connections: \((half - before) / 5) MiB for a thousand, in this build")
        try await crowd.grow(to: 10_000, port: stranger.http.port)
        for _ in 0..<5 { try await expectService(stranger, "beside 10,000") }
        let full = try stranger.server.residentMiB()
        #expect(full < before + 500)
        await crowd.leave()
        for _ in 0..<5 { try await expectService(stranger, "afterwards") }
        #expect(try stranger.server.residentMiB() < full + 50)
    }

    /// Makes a call as anybody does, and waits for it as long as a busy machine may need.
    private func expectService(_ stranger: Stranger, _ when: String) async throws {
        let lines = [
            "GET \(Stranger.jobs) HTTP/1.1", "Host: batch.googleapis.com", "Authorization: Bearer \(stranger.token)",
            "Connection: close", "\r\n",
        ]
        let request = lines.joined(separator: "\r\n")
        let answer = try await stranger.http.exchange(Data(request.utf8), patience: 300)
        #expect(answer.status == 200, "\(when): \(answer.ending) after: \(answer.header)")
    }

    private typealias Bytes = HTTP2Bytes

    /// A block for each of so many streams.
    private static func many(_ count: Int, _ block: (UInt32) -> [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        for index in 0..<count { bytes.append(contentsOf: block(UInt32(2 * index + 1))) }
        return bytes
    }

    /// The same block again and again.
    private static func many(_ count: Int, _ block: [UInt8]) -> [UInt8] { many(count) { _ in block } }

    private static let chunked = Array(
        "POST \(Stranger.jobs) HTTP/1.1\r\nHost: batch.googleapis.com\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)

    /// Ways to send much; each is ended by the server, or taken without an answer.
    private static let floods: [(name: String, bytes: [UInt8])] = [
        ("an endless header", Array("GET / HTTP/1.1\r\n".utf8) + Array(repeating: 0x61, count: 20 << 20)),
        ("endless fields", Array("GET / HTTP/1.1\r\n".utf8) + many(200_000, Array("X: a\r\n".utf8))),
        (
            "an endless body",
            chunked + many(80, Array("100000\r\n".utf8) + Array(repeating: 0x20, count: 1 << 20) + [13, 10])
        ),
        ("endless small chunks", chunked + many(100_000, Array("1\r\n \r\n".utf8))),
        ("requests without end", many(3_000, Array("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".utf8))),
        ("PINGs", Bytes.start + many(50_000, Bytes.ping)),
        ("SETTINGS", Bytes.start + many(50_000, Bytes.settings())),
        ("PRIORITY", Bytes.start + many(50_000, Bytes.priority(3))),
        ("WINDOW_UPDATE", Bytes.start + many(20_000, Bytes.windowUpdate(1))),
        ("empty DATA", Bytes.start + Bytes.headers(1) + many(50_000, Bytes.data(1))),
        (
            "CONTINUATION",
            Bytes.start + Bytes.headers(1, flags: 0)
                + many(1_000, Bytes.continuation(1, Array(repeating: 0x84, count: 16_000)))
        ),
        ("resets", Bytes.start + many(5_000) { Bytes.headers($0) + Bytes.reset($0) }),
        ("streams", Bytes.start + many(5_000) { Bytes.headers($0) }),
        ("streams after too many PINGs", Bytes.start + many(2_000, Bytes.ping) + many(100) { Bytes.headers($0) }),
    ]

    @Test("are ended or taken, while others are served and memory stays what it was")
    func floods() async throws {
        try await Stranger.with { stranger in
            try await expectService(stranger, "first")
            let before = try stranger.server.residentMiB()
            for (name, bytes) in Self.floods {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<2 {
                        group.addTask { _ = try? await stranger.http.bytes(for: Data(bytes), end: true, patience: 5) }
                    }
                    try await expectService(stranger, "beside \(name)")
                    try await group.waitForAll()
                }
                #expect(try stranger.server.residentMiB() < before + Self.growth, "after \(name)")
            }
        }
    }
}
