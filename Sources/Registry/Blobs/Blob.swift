import OCI
import SystemPackage

import struct NIOCore.ByteBuffer
import struct NIOCore.ByteBufferAllocator

/// Contents of a repository, as they lie on disk: a layer or a configuration.
public struct Blob: Sendable {
    /// What it is known by.
    public let digest: Digest
    /// In bytes.
    public let size: Int64
    let path: FilePath

    /// Opens the blob; it can then be read to its end, even if it is removed.
    ///
    /// - Throws: `Errno`
    public func open() async throws -> BlobReader {
        let path = path
        return try await BlobFiles.blocking { BlobReader(try FileDescriptor.open(path, .readOnly)) }
    }

    /// The whole of a small blob.
    func bytes() async throws -> ByteBuffer {
        try await open().read(at: 0, count: Int(size))
    }
}

/// An open blob. It is closed with the last reference to it.
public final class BlobReader: Sendable {
    private let descriptor: FileDescriptor

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { try? descriptor.close() }

    /// Reads some bytes: fewer than asked for only at the end.
    ///
    /// - Throws: `Errno`
    public func read(at offset: Int64, count: Int) async throws -> ByteBuffer {
        try await BlobFiles.blocking { [self] in
            var bytes = ByteBufferAllocator().buffer(capacity: count)
            while bytes.readableBytes < count {
                let rest = count - bytes.readableBytes
                let position = offset + Int64(bytes.readableBytes)
                let read = try bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: rest) { room in
                    try descriptor.read(
                        fromAbsoluteOffset: position, into: UnsafeMutableRawBufferPointer(rebasing: room[..<rest]))
                }
                guard read > 0 else { break }
            }
            return bytes
        }
    }
}
