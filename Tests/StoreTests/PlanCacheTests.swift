import Foundation
import GRDB
import Testing
import Workload

@testable import Store

@Suite("Plans that are kept in memory")
struct PlanCacheTests {
    private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "landfall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await body(SQLiteStore(path: directory.appending(path: "jobs.db").path))
    }

    @Test("are those of their jobs, whether they fit or not", arguments: [0, 4_000, 1 << 20])
    func entries(capacity: Int) async throws {
        try await withStore { store in
            let jobs = (1...20).map { sampleJob("job\($0)", tasks: $0) }
            for job in jobs { _ = try await store.insertJob(job, requestID: nil) }
            let cache = PlanCache(capacity: capacity)
            let found = try await store.read { database in
                try (jobs + jobs).map { job in
                    let key = try #require(try SQLiteStore.key(of: job.uid, in: database))
                    return try cache.entry(uid: job.uid, key: key, in: database).plan
                }
            }
            #expect(found == (jobs + jobs).map(\.plan))
        }
    }

    @Test("are read from the disk once")
    func once() async throws {
        try await withStore { store in
            let job = try await store.insertJob(sampleJob("job"), requestID: nil)
            _ = try await store.job(uid: job.uid)
            try await store.write { try $0.execute(sql: "UPDATE job_plans SET plan = x'00'") }
            #expect(try await store.job(uid: job.uid) == job)
        }
    }
}
