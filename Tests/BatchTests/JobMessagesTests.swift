import Foundation
import SwiftProtobuf
import Testing
import Workload

@testable import Batch

@Suite("A job that was read before")
struct JobMessagesTests {
    private static let start = World.start

    private let messages = JobMessages()
    private var record: JobRecord

    init() throws {
        let plan = Plan(taskCount: 3, steps: [Step(executable: .script(text: "true"))])
        record = JobRecord(
            uid: "hello-u", name: JobName(project: "demo", location: "us-central1", id: "hello"), plan: plan,
            createdAt: Self.start, source: try Wire.Job(jsonString: World.hello).serializedData(), submitter: "a@b.c")
    }

    /// What is read, beside what a rendering that remembers nothing makes of the same.
    private func read(after seconds: TimeInterval = 0, projectNumber: String = "1") throws -> Wire.Job {
        let rendering = JobRendering(projectNumber: projectNumber, now: Self.start + seconds)
        let message = try messages.message(record, rendering)
        #expect(message == rendering.message(try StoredJob(record)))
        return message
    }

    @Test("shows whatever has changed since")
    mutating func changes() throws {
        #expect(try read().status.state == .queued)
        #expect(try read().status.state == .queued)
        record.state = .failed
        record.counts = [.failed: 3]
        #expect(try read().status.state == .failed)
        record.events.append(JobEvent(time: Self.start, kind: .note("A note.")))
        #expect(try read().status.statusEvents.count == 1)
    }

    @Test("goes on to run")
    mutating func runTime() throws {
        record.state = .running
        record.startedAt = Self.start
        #expect(try read(after: 5).status.runDuration == Google_Protobuf_Duration(seconds: 5))
        #expect(try read(after: 6).status.runDuration == Google_Protobuf_Duration(seconds: 6))
    }

    @Test("is named by the number of its project")
    mutating func projectNumber() throws {
        record.events = [JobEvent(time: Self.start, kind: .state(from: .queued, to: .scheduled, cause: nil))]
        #expect(try read(projectNumber: "1").status.statusEvents.first?.description_p.contains("projects/1/") == true)
        #expect(try read(projectNumber: "2").status.statusEvents.first?.description_p.contains("projects/2/") == true)
    }

    @Test("is read again when there are too many to be kept")
    mutating func capacity() throws {
        for index in 0..<600 {
            record.uid = "hello-\(index)"
            _ = try read()
        }
    }

    @Test("is refused when it is none")
    mutating func notAJob() throws {
        record.source = Data([0xFF])
        #expect(throws: (any Error).self) {
            try messages.message(record, JobRendering(projectNumber: "1", now: Self.start))
        }
    }
}
