import Foundation

@testable import Store

/// A store in a directory of its own, which goes with it.
final class TemporaryStore {
    let store: SQLiteStore
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        store = try SQLiteStore(path: "\(path)/state.sqlite")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
