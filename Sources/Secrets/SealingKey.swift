import Crypto
import Foundation
import SystemPackage

/// The key that values are sealed with: 32 random bytes in a file that its owner alone can read.
///
/// A copy of the database, such as a backup of it, tells nothing without this file. Whoever can read both can read the
/// values: the server has to.
struct SealingKey: Sendable {
    private let key: SymmetricKey

    /// Reads the key of a file, or makes it.
    ///
    /// - Parameter mayMake: whether a missing key is made: not where values were sealed already.
    /// - Throws: `SecretStoreError.wrongKey`, and what the system says.
    init(path: String, mayMake: Bool) throws {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch CocoaError.fileReadNoSuchFile where mayMake {
            bytes = try Self.make(at: FilePath(path))
        } catch CocoaError.fileReadNoSuchFile {
            throw SecretStoreError.wrongKey
        }
        guard bytes.count == SymmetricKeySize.bits256.bitCount / 8 else { throw SecretStoreError.wrongKey }
        key = SymmetricKey(data: bytes)
    }

    /// Writes a new key. What has the final name is complete and on disk, whenever the process ends.
    private static func make(at path: FilePath) throws -> Data {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let partial = FilePath(path.string + ".partial")
        let file = try FileDescriptor.open(
            partial, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter {
            try file.writeAll(key)
            guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
        guard rename(partial.string, path.string) == 0 else { throw Errno(rawValue: errno) }
        let directory = try FileDescriptor.open(path.removingLastComponent(), .readOnly)
        try directory.closeAfter {
            guard fsync(directory.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
        return key
    }

    /// Seals a value for its place: what is sealed cannot be opened as the value of another one.
    func seal(_ value: Data, for place: String) throws -> Data {
        guard let sealed = try AES.GCM.seal(value, using: key, authenticating: Data(place.utf8)).combined else {
            // Only a nonce of another length than the usual has no combined form.
            throw CryptoKitError.incorrectParameterSize
        }
        return sealed
    }

    /// Opens what was sealed for a place.
    ///
    /// - Throws: `SecretStoreError.wrongKey`
    func open(_ sealed: Data, for place: String) throws -> Data {
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let value = try? AES.GCM.open(box, using: key, authenticating: Data(place.utf8))
        else { throw SecretStoreError.wrongKey }
        return value
    }
}
