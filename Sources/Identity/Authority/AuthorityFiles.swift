import FoundationEssentials
import Glibc

/// The files of a certificate authority in its directory.
struct AuthorityFiles: Sendable {
    let directory: String

    var keyPath: String { directory + "/ca.key" }
    var certificatePath: String { directory + "/ca.pem" }

    /// Much more than a key or a certificate needs.
    private static let maximumSize = 64 * 1024

    /// Nil when there is none.
    ///
    /// - Throws: when the key can be read by others than its owner.
    func readKey() throws -> String? {
        try read(keyPath) { status in
            guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
                throw AuthorityError.exposedKey(keyPath)
            }
        }
    }

    /// Nil when there is none.
    func readCertificate() throws -> String? {
        try read(certificatePath) { _ in }
    }

    func writeKey(_ pem: String) throws {
        try replace(keyPath, with: pem, mode: 0o600)
    }

    func writeCertificate(_ pem: String) throws {
        try replace(certificatePath, with: pem, mode: 0o644)
    }

    private func read(_ path: String, check: (stat) throws -> Void) throws -> String? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw AuthorityError.file("read \(path)", errno) }
            return nil
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw AuthorityError.file("read \(path)", errno) }
        try check(status)
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.maximumSize else {
            throw AuthorityError.file("read \(path)", EFBIG)
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            guard got > 0 else { throw AuthorityError.file("read \(path)", got < 0 ? errno : EIO) }
            count += got
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a file as a whole: after a crash there is the old one or the new one.
    private func replace(_ path: String, with text: String, mode: mode_t) throws {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw AuthorityError.file("create \(temporary)", errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard fchmod(descriptor, mode) == 0, write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0, rename(temporary, path) == 0
        else {
            let code = errno
            unlink(temporary)
            throw AuthorityError.file("write \(path)", code)
        }
        try syncDirectory()
    }

    private func syncDirectory() throws {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AuthorityError.file("open \(directory)", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw AuthorityError.file("write \(directory)", errno) }
    }
}
