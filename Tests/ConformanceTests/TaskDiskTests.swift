import Foundation
import TestSupport
import Testing

@Suite("A task that fills the disk", .needsRoot, .serialized)
struct TaskDiskTests {
    private static let ways = ["named", "deleted", "mapped", "hidden", "threaded", "deep", "small", "linked"]

    @Test(
        "is ended, and the reason is said; others run on, and the server takes jobs",
        arguments: TaskOwner.allCases)
    func guarded(owner: TaskOwner) async throws {
        try await LandfallServer.with { server in
            try await server.mountSmallDisk()
        } _: { server in
            // Somebody with a little on the disk, and somebody who goes on writing in it.
            let modest = "head -c 200K /dev/zero > ~/file; echo on; while :; do date > ~/date; sleep 0.1; done"
            try await server.submit("modest", TestJob(modest, group: owner.group))
            try await server.printed("modest", lines: 1)
            for way in Self.ways {
                // What is written to a disk in memory counts as the task's memory as well.
                let step = try TestJob.attack("disk.py", environment: ["HOW": way])
                let job = TestJob(runnables: [step], task: [TestJob.resources(memoryMiB: 512)], group: owner.group)
                try await server.submit(way, job)
                #expect(try await server.ended(way).state == "FAILED")
                let task = try await server.status(way, task: 0)
                #expect(task.exitCodes == [137], "\(way): \(task.text)")
                #expect(task.text.contains("The machine's disk was almost full, and this task took the most of it"))
                #expect(!task.text.contains("Out of memory"))
                #expect(try await server.status("modest").state == "RUNNING")
                let (status, log) = try await server.outcome("after-\(way)", TestJob("echo fine", group: owner.group))
                #expect(status.state == "SUCCEEDED" && log == ["fine"])
            }
            try await server.waitForLeftovers(1)
        }
    }
}
