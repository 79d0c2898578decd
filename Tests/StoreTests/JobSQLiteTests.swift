import Foundation
import Store
import Testing
import Workload

@Suite("Jobs in SQLite")
struct JobSQLiteTests {
    @Test("The store does what every job store does")
    func conformance() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "landfall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await jobStoreConformance {
            try SQLiteStore(path: directory.appending(path: "\(UUID().uuidString).db").path)
        }
    }
}
