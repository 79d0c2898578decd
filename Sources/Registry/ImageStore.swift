import Foundation
import GRDB

/// Images: blobs in files by their digest, and manifests and tags in a database beside them.
///
/// A blob is kept once for all repositories. It can be read in those alone that it was sent to, or mounted in from
/// another one. The store knows nothing of access: whoever calls has made sure of it.
public final class ImageStore: Sendable {
    let tables: RegistryTables
    let files: BlobFiles
    let uploads: Uploads
    let now: @Sendable () -> Date

    /// Opens the store, and creates it when it is missing.
    ///
    /// - Parameters:
    ///   - directory: absolute path of a directory of its own, whose parent exists.
    ///   - now: the clock.
    /// - Throws: `RegistryError.noSpace`, `NewerDatabase`, and what SQLite and the system say of files that cannot be
    ///   used.
    public init(directory: String, now: @escaping @Sendable () -> Date = { Date() }) throws {
        files = try BlobFiles(root: directory)
        tables = try RegistryTables(path: "\(directory)/registry.db")
        uploads = Uploads(tables: tables, files: files)
        self.now = now
    }
}
