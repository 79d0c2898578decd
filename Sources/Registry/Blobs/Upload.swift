import Foundation
import OCI
import SystemPackage

import struct Crypto.SHA256
import struct NIOCore.ByteBuffer

/// A blob that is being sent, over one or several requests.
///
/// What was received is on disk and in the digest; so an upload goes on where it was broken off, also after a restart.
actor Upload {
    let id: UploadID
    /// Where it is to go, and whose it is.
    let purpose: UploadPurpose
    private let file: FilePath
    private var hasher = SHA256()
    private(set) var size: Int64 = 0
    /// One request at a time writes.
    private var isTaken = false

    /// Bytes that are collected before they are written.
    private static let portion = 1 << 20

    init(_ id: UploadID, _ purpose: UploadPurpose, file: FilePath) {
        self.id = id
        self.purpose = purpose
        self.file = file
    }

    /// Reads what an earlier server received.
    func takeUp() async throws {
        try take()
        defer { isTaken = false }
        let (file, portion) = (file, Self.portion)
        (hasher, size) = try await BlobFiles.blocking {
            var hasher = SHA256()
            var size: Int64 = 0
            let descriptor = try FileDescriptor.open(file, .readOnly)
            defer { try? descriptor.close() }
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: portion, alignment: 16)
            defer { buffer.deallocate() }
            while case let count = try descriptor.read(into: buffer), count > 0 {
                hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                size += Int64(count)
            }
            return (hasher, size)
        }
    }

    /// Adds a part.
    ///
    /// What came before the body ended early is kept.
    ///
    /// - Parameter offset: where the part begins, as its sender says; nil for the end of what there is.
    /// - Throws: `RegistryError`, and what the body throws.
    func append(_ body: some AsyncSequence<ByteBuffer, any Error> & Sendable, at offset: Int64?) async throws {
        try take()
        defer { isTaken = false }
        guard [nil, size].contains(offset) else { throw RegistryError.wrongOffset(at: size) }
        var collected = ByteBuffer()
        do {
            for try await part in body {
                collected.writeImmutableBuffer(part)
                guard collected.readableBytes >= Self.portion else { continue }
                try await write(collected)
                collected.clear()
            }
        } catch let error where !(error is RegistryError) {
            try await write(collected)
            throw error
        }
        try await write(collected)
    }

    private func write(_ bytes: ByteBuffer) async throws {
        guard bytes.readableBytes > 0 else { return }
        let (file, size, hasher) = (file, size, hasher)
        self.hasher = try await BlobFiles.blocking {
            let descriptor = try FileDescriptor.open(file, .writeOnly)
            defer { try? descriptor.close() }
            try FreeRoom.check(descriptor)
            var hasher = hasher
            try bytes.withUnsafeReadableBytes { bytes in
                // At its offset: what a write that failed has left behind is written over.
                _ = try descriptor.writeAll(toAbsoluteOffset: size, bytes)
                hasher.update(bufferPointer: bytes)
            }
            return hasher
        }
        self.size += Int64(bytes.readableBytes)
    }

    /// Ends the upload: all of it is on disk, and nothing is written to it any more.
    ///
    /// - Throws: `RegistryError.busyUpload`, and `.wrongDigest` when it is not what was to be sent.
    func complete(as digest: Digest) async throws {
        try take()
        let found = Digest(hasher.finalize())
        guard found == digest else { throw RegistryError.wrongDigest(said: digest, found: found) }
        let (file, size) = (file, size)
        try await BlobFiles.blocking {
            let descriptor = try FileDescriptor.open(file, .readWrite)
            defer { try? descriptor.close() }
            guard ftruncate(descriptor.rawValue, off_t(size)) == 0, fdatasync(descriptor.rawValue) == 0 else {
                throw Errno(rawValue: errno)
            }
        }
    }

    private func take() throws {
        guard !isTaken else { throw RegistryError.busyUpload }
        isTaken = true
    }
}

/// What an upload is for.
public struct UploadPurpose: Hashable, Sendable {
    /// The uid of the repository.
    public var repository: String
    /// The image that the blob is to be a part of.
    public var image: ImageName
    /// Who began it, as policies name principals: nobody else can go on with it.
    public var owner: String

    /// Describes an upload that is to begin.
    public init(repository: String, image: ImageName, owner: String) {
        self.repository = repository
        self.image = image
        self.owner = owner
    }
}
