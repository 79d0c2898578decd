import AsyncHTTPClient
import NIOCore
import OCI

import struct Crypto.SHA256

/// Fetches a blob piece by piece, goes on where a connection broke, and verifies the whole.
struct BlobDownload: Sendable {
    let session: RegistrySession
    let blob: Descriptor

    /// How often in a row nothing may come before it is given up.
    private static let patience = 4

    /// Passes every piece on, in order.
    ///
    /// - Throws: what `consume` throws, or `ImageError`: the pieces that were passed on are not to be used then.
    func run(_ consume: (ByteBuffer) async throws -> Void) async throws {
        var progress = Progress(size: blob.size)
        var failures = 0
        while !progress.isComplete {
            let before = progress.received
            let broken = try await fetch(&progress, consume)
            failures = progress.received > before ? 0 : failures + 1
            guard !progress.isComplete else { break }
            guard failures < Self.patience else {
                throw ImageError(.unavailable, "The blob \(blob.digest) breaks off again and again: \(broken).")
            }
            try await Task.sleep(for: .milliseconds(100 << failures))
        }
        guard Digest(progress.hash.finalize()) == blob.digest else {
            throw ImageError(.invalid, "The registry \(session.registry) answers \(blob.digest) with something else.")
        }
    }

    /// One request; returns how it broke off, if it did.
    private func fetch(_ progress: inout Progress, _ consume: (ByteBuffer) async throws -> Void) async throws -> String
    {
        let response = try await session.content(of: blob.digest, from: progress.received)
        // A registry may not know ranges, and begin anew.
        var known = response.status == .partialContent ? 0 : progress.received
        if response.status == .partialContent, !progress.isContinued(by: response) {
            throw ImageError(.invalid, "The registry \(session.registry) answers with another range of \(blob.digest).")
        }
        var pieces = response.body.makeAsyncIterator()
        while true {
            var piece: ByteBuffer
            do {
                guard let next = try await pieces.next() else { return "it ends too early" }
                piece = next
            } catch {
                try Task.checkCancellation()
                return "\(error)"
            }
            let skipped = min(known, piece.readableBytes)
            piece.moveReaderIndex(forwardBy: skipped)
            known -= skipped
            guard progress.add(piece) else {
                throw ImageError(.invalid, "The blob \(blob.digest) has more than its \(blob.size) bytes.")
            }
            if piece.readableBytes > 0 { try await consume(piece) }
        }
    }

    /// What has come so far.
    private struct Progress {
        let size: Int
        var received = 0
        var hash = SHA256()

        var isComplete: Bool { received == size }

        mutating func add(_ piece: ByteBuffer) -> Bool {
            guard piece.readableBytes <= size - received else { return false }
            received += piece.readableBytes
            piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
            return true
        }

        func isContinued(by response: HTTPClientResponse) -> Bool {
            response.headers.first(name: "content-range")?.hasPrefix("bytes \(received)-") ?? false
        }
    }
}
