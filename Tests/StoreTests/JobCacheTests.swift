import Testing
import Workload

@testable import Store

@Suite("Jobs that were read lately")
struct JobCacheTests {
    private let cache = JobCache(capacity: 8 << 10)
    private let job = sampleJob("one")

    /// What a reader gets, and whether it was read from the disk.
    private struct Reading: Equatable {
        var job: JobRecord?
        var fromDisk: Bool
    }

    /// Reads through the cache; `found` is what is on disk.
    private func read(_ found: JobRecord?) async throws -> Reading {
        var fromDisk = false
        let job = try await cache.job(named: job.name) {
            fromDisk = true
            return found
        }
        return Reading(job: job, fromDisk: fromDisk)
    }

    @Test("are read from the disk once")
    func readOnce() async throws {
        #expect(try await read(job) == Reading(job: job, fromDisk: true))
        #expect(try await read(nil) == Reading(job: job, fromDisk: false))
    }

    @Test("are read anew while they are changed, and after it")
    func changed() async throws {
        _ = try await read(job)
        var later = job
        later.state = .running
        try await cache.changing([job.uid]) { () async throws in
            #expect(try await read(job) == Reading(job: job, fromDisk: true))
            #expect(try await read(later) == Reading(job: later, fromDisk: true))
        }
        #expect(try await read(later) == Reading(job: later, fromDisk: true))
        #expect(try await read(nil) == Reading(job: later, fromDisk: false))
    }

    @Test("are not kept when a change began or ended while they were read")
    func overtaken() async throws {
        let read = try await cache.job(named: job.name) {
            await cache.changing([job.uid]) {}
            return job
        }
        #expect(read == job)
        #expect(try await self.read(nil) == Reading(job: nil, fromDisk: true))
    }

    @Test("stay out until the last of several changes is over")
    func severalChanges() async throws {
        try await cache.changing([job.uid]) { () async throws in
            await cache.changing([job.uid]) {}
            #expect(try await read(job) == Reading(job: job, fromDisk: true))
            #expect(try await read(job) == Reading(job: job, fromDisk: true))
        }
    }

    @Test("are forgotten after a change that failed")
    func failedChange() async throws {
        _ = try await read(job)
        await #expect(throws: StoreError.noSpace) {
            try await cache.changing([job.uid]) { throw StoreError.noSpace }
        }
        #expect(try await read(nil) == Reading(job: nil, fromDisk: true))
    }

    @Test("take a bounded amount of memory")
    func bounded() async throws {
        for number in 0..<100 {
            let other = sampleJob("job-\(number)")
            _ = try await cache.job(named: other.name) { other }
        }
        var kept = 0
        for number in 0..<100 {
            if try await cache.job(named: sampleJob("job-\(number)").name, read: { nil }) != nil { kept += 1 }
        }
        #expect((1...8).contains(kept))
    }
}
