import Foundation
import Schema
import Testing
import Workload

@testable import Dispatcher

@Suite("Custom events of a task", .timeLimit(.minutes(10)))
struct CustomEventTests {
    /// Submits a job whose one step has a name, and reports that its task started.
    private func started(
        _ bench: Bench, _ agent: FakeAgent
    ) async throws -> (job: JobRecord, attempt: Landfall_Agent_V1_Attempt) {
        await agent.connect()
        let job = try await bench.dispatcher.submit(
            bench.job {
                LogTests.keep(&$0)
                $0.steps[0].name = "sort"
            }, requestID: nil)
        let attempt = await agent.lease().attempts[0]
        await agent.report([(attempt, .started(.init()))])
        return (job, attempt)
    }

    private func events(_ bench: Bench, _ job: JobRecord) async throws -> [TaskEvent] {
        try #require(try await bench.store.task(0, of: job.uid)).events.filter(\.isCustom)
    }

    @Test("tell when a step with a name starts and ends, and what its structured lines say")
    func told() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        let (job, attempt) = try await started(bench, agent)
        let lines = [#"{"batch/custom/event":"half done"}"#, #"{"batch/custom/event":7}"#, "half done"]
        await agent.report([
            (attempt, .step(.with { $0.step = 0 })), (attempt, LogTests.lines(lines)),
            (attempt, .step(.with { $0.exitCode = 3 })), (attempt, .ended(.with { $0.exitCode = 3 })),
            (attempt, .step(.with { $0.step = 0 })),
        ])
        let events = try await events(bench, job)
        #expect(
            events.map(\.detail) == [
                "Step 0 (sort) started.", "half done", "Step 0 (sort) ended with exit code 3.",
            ])
        #expect(events.allSatisfy { $0.to == .running && $0.exitCode == nil })
        // Filters find the field in the entry.
        #expect(await bench.logbook.entries[0].jsonPayload.fields["batch/custom/event"]?.stringValue == "half done")
    }

    @Test("are bounded in number and length", arguments: ["x", "\u{301}"])
    func bounds(scalar: String) async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        let (job, attempt) = try await started(bench, agent)
        let long = String(repeating: scalar, count: TaskMachine.longestCustomEvent + 1)
        let lines = Array(
            repeating: "{\"batch/custom/event\":\"\(long)\"}", count: TaskMachine.mostCustomEvents + 1)
        await agent.report([(attempt, LogTests.lines(lines))])
        let events = try await events(bench, job)
        #expect(events.count == TaskMachine.mostCustomEvents)
        #expect(events.allSatisfy { $0.detail?.unicodeScalars.count == TaskMachine.longestCustomEvent })
    }
}
