import Foundation
import Methods
import Testing
import Workload

@testable import Batch

@Suite("Filtering lists")
struct FilterTests {
    /// Three jobs: a is running, b has failed, c is queued.
    private static func jobs() throws -> [StoredJob] {
        try ["a", "b", "c"].enumerated().map { number, id in
            var record = JobRecord(
                uid: "\(id)-uid", name: JobName(project: "demo", location: "us-central1", id: id),
                plan: Plan(taskCount: 1, priority: number * 10, steps: []),
                createdAt: World.start.addingTimeInterval(Double(number) * 3600), source: Data(), submitter: "")
            record.state = [.running, .failed, .queued][number]
            let labels = ["{\"job-id\":\"a\",\"user\":\"x\"}", "{\"job-id\":\"b\"}", "{}"][number]
            return StoredJob(record: record, definition: try Wire.Job(jsonString: "{\"labels\":\(labels)}"))
        }
    }

    @Test(
        "A filter lets through what it says",
        arguments: [
            ("", "abc"),
            ("   ", "abc"),
            ("status.state=\"RUNNING\"", "a"),
            ("status.state = RUNNING", "a"),
            ("State=RUNNING", "a"),
            ("state:running", "a"),
            ("status.state != 'RUNNING'", "bc"),
            ("NOT status.state=RUNNING", "bc"),
            ("-status.state=RUNNING", "bc"),
            ("(labels.\"job-id\" = \"a\" OR labels.\"job-id\" = \"b\")", "ab"),
            ("labels.job-id=b", "b"),
            ("labels.user=x AND state=RUNNING", "a"),
            ("labels.user=x state=RUNNING", "a"),
            ("labels:user", "a"),
            ("labels.user:*", "a"),
            ("NOT labels:user", "bc"),
            ("labels.user!=y", "a"),
            // OR binds more than AND.
            ("state=RUNNING AND labels.user=y OR labels.user=x", "a"),
            ("state=QUEUED AND state=RUNNING OR state=FAILED", ""),
            ("(state=QUEUED AND state=RUNNING) OR state=FAILED", "b"),
            ("NOT (state=QUEUED OR state=RUNNING)", "b"),
            ("-(state=QUEUED) -(state=FAILED)", "a"),
            ("create_time>\"2026-01-01T00:30:00Z\"", "bc"),
            ("createTime >= 2026-01-01T01:00:00Z", "bc"),
            ("create_time < \"2026-01-01T01:00:00\"", "a"),
            ("create_time = \"2026-01-01T02:00:00+01:00\"", "b"),
            ("create_time > 2026-01-02", ""),
            ("priority>=10", "bc"),
            ("priority = 10", "b"),
            ("name=\"projects/demo/locations/us-central1/jobs/a\"", "a"),
            ("name=\"*jobs/b\"", "b"),
            ("name=\"projects/demo/*\"", "abc"),
            ("name:\"jobs/c\"", "c"),
            ("uid=c-uid", "c"),
            ("uid>b", "bc"),
            ("ORDER_IS_NO_KEYWORD_BUT labels:user", nil),
        ] as [(String, String?)])
    func lets(_ filter: String, _ expected: String?) throws {
        guard let expected else {
            #expect(throws: ServiceError.self) { try JobList.fields.predicate(filter) }
            return
        }
        let accepts = try JobList.fields.predicate(filter)
        let found = try Self.jobs().filter { accepts?($0) ?? true }
        #expect(found.map(\.record.name.id).joined() == expected)
    }

    @Test(
        "A filter that makes no sense is refused, with where and why",
        arguments: [
            ("color=red", "no field 'color'"),
            ("status.colour=red", "no field 'status.colour'"),
            ("state=NEVER", "'NEVER'"),
            ("state>RUNNING", "'=', '!=' and ':' alone"),
            ("priority=high", "not a whole number"),
            ("create_time>yesterday", "not an RFC 3339 time"),
            ("state", "expected after 'state'"),
            ("state=", "a value is missing"),
            ("=RUNNING", "unexpected '=RUNNING' (at character 1)"),
            ("(state=RUNNING", "a ')' is missing"),
            ("state=RUNNING)", "unexpected ')' (at character 14)"),
            ("state=\"RUNNING", "does not end"),
            ("state=RUNNING AND", "a field name is missing"),
            ("state=RUNNING OR OR state=FAILED", "expected after 'OR'"),
            (String(repeating: "(", count: 60), "nested more than 50 deep"),
            (String(repeating: " ", count: 20_000) + "x=1", "at most 20000 bytes"),
        ])
    func refuses(_ filter: String, _ fragment: String) throws {
        let error = #expect(throws: ServiceError.self) { try JobList.fields.predicate(filter) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == ["filter"])
        #expect(error?.message.contains(fragment) == true, "\(error?.message ?? "")")
    }

    @Test(
        "Tasks are filtered by state and name",
        arguments: [
            ("state=RUNNING", true), ("State=RUNNING", true), ("status.state:RUNNING", true), ("state=FAILED", false),
            ("name:tasks", true),
        ])
    func tasks(_ filter: String, _ expected: Bool) throws {
        let accepts = try #require(try TaskList.fields.predicate(filter))
        let task = Wire.Task.with {
            $0.name = "projects/p/locations/l/jobs/j/taskGroups/group0/tasks/0"
            $0.status.state = .running
        }
        #expect(accepts(task) == expected)
    }
}
