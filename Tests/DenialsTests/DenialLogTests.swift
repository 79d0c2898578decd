import Access
import Foundation
import Methods
import Schema
import Testing

@testable import Denials

@Suite("The log of refusals", .timeLimit(.minutes(10)))
struct DenialLogTests {
    private static let link = "https://denials.landfall.test/v1/denials/"

    private func log(_ path: String, _ limits: DenialTable.Limits = DenialTable.Limits()) throws -> DenialLog {
        try DenialLog(path: path, link: Self.link, limits: limits, logger: quiet)
    }

    @Test("has a refusal at once, and after a restart")
    func kept() async throws {
        let (check, call) = try World().refused()
        try await withFile { path in
            var log = try log(path)
            let reference = try #require(await log.record(check, of: call))
            #expect(reference.url == Self.link + reference.id)
            #expect(reference.id.count == 12)
            #expect(reference.id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
            let first = try #require(try await log.denial(reference.id))
            #expect(first.permission == "batch.jobs.create")
            try await write(log)
            #expect(try await log.denial(reference.id) == first)
            log = try self.log(path)
            #expect(try await log.denial(reference.id) == first)
            #expect(try await log.denial("000000000000") == nil)
            #expect(try await log.denial("' OR 1=1 --") == nil)
        }
    }

    @Test("gives every refusal an id of its own")
    func ids() async throws {
        let ids = Set((0..<10_000).map { _ in DenialID.make() })
        #expect(ids.count == 10_000)
        #expect(ids.allSatisfy(DenialID.isValid))
    }

    @Test("keeps the latest, in all and of each caller")
    func limits() async throws {
        var (check, call) = try World().refused()
        try await withFile { path in
            let log = try log(path, DenialTable.Limits(all: 5, ofOne: 3))
            var ids: [String] = []
            for number in 0..<8 {
                // Alice is refused four times, then bob four times.
                if number == 4 {
                    call.caller = Caller(principal: .user("bob@example.com"), expiresAt: .distantFuture)
                }
                ids.append(try #require(await log.record(check, of: call)).id)
                try await write(log)
            }
            var kept: [Bool] = []
            for id in ids { kept.append(try await log.denial(id) != nil) }
            #expect(kept == [false, false, true, true, false, true, true, true])
        }
    }

    @Test("keeps nothing of a check that was no refusal")
    func allowed() async throws {
        var world = try World()
        world.grant("roles/owner", to: "user:alice@example.com", on: .project("demo"))
        let (check, call) = world.refused()
        try await withFile { path in
            let log = try log(path)
            #expect(await log.record(check, of: call) == nil)
        }
    }

    @Test("is bounded while it cannot be written, and has the latest")
    func unwritten() async throws {
        let (check, call) = try World().refused()
        try await withFile { path in
            let log = try log(path)
            var ids: [String] = []
            for _ in 0..<1_005 { ids.append(try #require(await log.record(check, of: call)).id) }
            #expect(try await log.denial(ids[4]) == nil)
            #expect(try await log.denial(ids[5]) != nil)
            #expect(try await log.denial(ids[1_004]) != nil)
        }
    }

    /// Writes what waits.
    private func write(_ log: DenialLog) async throws {
        let run = Task { await log.run() }
        run.cancel()
        await run.value
    }
}
