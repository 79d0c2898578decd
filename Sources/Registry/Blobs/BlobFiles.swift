import Foundation
import OCI
import SystemPackage

import class NIOPosix.NIOThreadPool

/// The files of blobs, by digest, and of unfinished uploads, by id, below a directory of the registry's own.
struct BlobFiles: Sendable {
    private let blobs: FilePath
    private let uploads: FilePath
    private let root: FilePath

    /// Takes a directory, and makes it when it is missing.
    init(root: String) throws {
        self.root = FilePath(root)
        blobs = self.root.appending("blobs")
        uploads = self.root.appending("uploads")
        for directory in [self.root, blobs, uploads] {
            try FileManager.default.createDirectory(
                atPath: directory.string, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
    }

    /// Runs what waits for the disk on threads that may wait.
    static func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await NIOThreadPool.singleton.runIfActive {
            do { return try body() } catch Errno.noSpace, Errno.diskQuotaExceeded { throw RegistryError.noSpace }
        }
    }

    /// Where a blob lies.
    func path(of digest: Digest) -> FilePath { shelf(of: digest).appending(digest.hex) }

    /// Blobs lie on 256 shelves, so that no directory gets too long.
    private func shelf(of digest: Digest) -> FilePath { blobs.appending(String(digest.hex.prefix(2))) }

    /// Where an upload lies.
    func path(of upload: UploadID) -> FilePath { uploads.appending(upload.text) }

    /// Puts a complete upload in the place of its blob, on disk when it returns. What was there was the same.
    func publish(_ upload: UploadID, as digest: Digest) throws {
        let shelf = shelf(of: digest)
        let isNew = mkdir(shelf.string, 0o700) == 0
        if !isNew, errno != EEXIST { throw Errno(rawValue: errno) }
        guard rename(path(of: upload).string, path(of: digest).string) == 0 else { throw Errno(rawValue: errno) }
        try Self.synchronize(shelf)
        if isNew { try Self.synchronize(blobs) }
    }

    /// Removes a blob's file, if there is one. Those that read it go on.
    func remove(_ digest: Digest) throws { try Self.remove(path(of: digest)) }

    /// Removes an upload's file, if there is one.
    func remove(_ upload: UploadID) throws { try Self.remove(path(of: upload)) }

    private static func remove(_ path: FilePath) throws {
        guard unlink(path.string) == 0 || errno == ENOENT else { throw Errno(rawValue: errno) }
    }

    private static func synchronize(_ directory: FilePath) throws {
        let descriptor = try FileDescriptor.open(directory, .readOnly)
        defer { try? descriptor.close() }
        guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Makes sure that there is room for more.
    ///
    /// - Throws: `RegistryError.noSpace`
    func checkRoom() async throws {
        let root = root
        try await Self.blocking {
            let directory = try FileDescriptor.open(root, .readOnly)
            try directory.closeAfter { try FreeRoom.check(directory) }
        }
    }

    /// All blobs and all uploads that there are files of.
    func all() throws -> (blobs: [Digest], uploads: [UploadID]) {
        let manager = FileManager.default
        let digests = try manager.contentsOfDirectory(atPath: blobs.string).flatMap { shelf in
            try manager.contentsOfDirectory(atPath: blobs.appending(shelf).string)
        }.compactMap { Digest("sha256:\($0)") }
        return (digests, try manager.contentsOfDirectory(atPath: uploads.string).compactMap(UploadID.init))
    }
}
