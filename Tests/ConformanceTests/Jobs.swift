import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A job of the Batch API as tests write it: scripts, and whatever else the JSON is to hold.
struct TestJob: Sendable {
    /// JSON objects, members of the job's `runnables`.
    var runnables: [String]
    var tasks = 1
    /// More members of the `taskSpec`, each as JSON: `"maxRetryCount":1`. The resources are small unless given here.
    var task: [String] = []
    /// More members of the task group.
    var group: [String] = []
    /// More members of the job.
    var job: [String] = []

    static let small = #""computeResource":{"cpuMilli":"100","memoryMib":"64"}"#

    /// A job with one script.
    init(
        _ script: String, tasks: Int = 1, task: [String] = [TestJob.small], group: [String] = [], job: [String] = []
    ) {
        self.init(runnables: [Self.script(script)], tasks: tasks, task: task, group: group, job: job)
    }

    init(
        runnables: [String], tasks: Int = 1, task: [String] = [TestJob.small], group: [String] = [],
        job: [String] = []
    ) {
        self.runnables = runnables
        self.tasks = tasks
        self.task = task
        self.group = group
        self.job = job
    }

    /// A runnable with more members beside its script.
    static func script(_ text: String, _ more: String...) -> String {
        let quoted = (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
        return "{" + (["\"script\":{\"text\":\(quoted)}"] + more).joined(separator: ",") + "}"
    }

    var json: String {
        let spec = (["\"runnables\":[\(runnables.joined(separator: ","))]"] + task).joined(separator: ",")
        let group = (["\"taskSpec\":{\(spec)}", "\"taskCount\":\"\(tasks)\""] + group).joined(separator: ",")
        let parts = ["\"taskGroups\":[{\(group)}]", #""logsPolicy":{"destination":"CLOUD_LOGGING"}"#] + job
        return "{\(parts.joined(separator: ","))}"
    }
}

/// What the API says of a job or a task.
struct Status: Decodable {
    struct Event: Decodable {
        var description: String?
        var taskExecution: Execution?
    }

    struct Execution: Decodable {
        var exitCode: Int?
    }

    var state: String
    var statusEvents: [Event]?

    /// All events' texts, a line each.
    var text: String { (statusEvents ?? []).compactMap(\.description).joined(separator: "\n") }
    /// The exit codes of all attempts that have ended, a 0 too.
    var exitCodes: [Int] { (statusEvents ?? []).compactMap(\.taskExecution).map { $0.exitCode ?? 0 } }
    var isFinal: Bool { ["SUCCEEDED", "FAILED", "CANCELLED"].contains(state) }
}

extension LandfallServer {
    struct Answer {
        var status: Int
        var body: String

        func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
            guard status == 200 else { throw TestFailure("\(status): \(body)") }
            return try JSONDecoder().decode(type, from: Data(body.utf8))
        }
    }

    /// Calls the Batch API as alice. `path` follows the location.
    func batch(_ method: String, _ path: String, body: String? = nil) async throws -> Answer {
        try await call(
            method, "batch.googleapis.com", "/v1/projects/demo/locations/us-central1/\(path)", body: body)
    }

    /// Calls an API as alice.
    func call(_ method: String, _ host: String, _ path: String, body: String? = nil) async throws -> Answer {
        let info = try info()
        guard let url = URL(string: "http://127.0.0.1:\(info.port)\(path)") else { throw TestFailure(path) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.setValue(host, forHTTPHeaderField: "Host")
        request.setValue("Bearer \(try await token())", forHTTPHeaderField: "Authorization")
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = body.map { Data($0.utf8) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        return Answer(status: status, body: String(decoding: data, as: UTF8.self))
    }

    private func token() async throws -> String {
        let path = directory + "/token"
        if let token = try? String(contentsOfFile: path, encoding: .utf8) { return token }
        let token = try await exec(["sh", "-c", "cat $CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"]).output
        return try String(contentsOfFile: file("token", token), encoding: .utf8)
    }

    /// Submits a job, which must be accepted.
    func submit(_ name: String, _ job: TestJob) async throws {
        let answer = try await batch("POST", "jobs?jobId=\(name)", body: job.json)
        guard answer.status == 200 else { throw TestFailure("\(name): \(answer.body)") }
    }

    func status(_ name: String) async throws -> Status {
        struct Holder: Decodable { var status: Status }
        return try await batch("GET", "jobs/\(name)").decoded(Holder.self).status
    }

    func status(_ name: String, task: Int) async throws -> Status {
        struct Holder: Decodable { var status: Status }
        return try await batch("GET", "jobs/\(name)/taskGroups/group0/tasks/\(task)").decoded(Holder.self).status
    }

    /// Waits for the end of a job.
    func ended(_ name: String) async throws -> Status {
        try await eventually("\(name) ends") {
            let status = try await status(name)
            return status.isFinal ? status : nil
        }
    }

    /// Submits a job, waits for its end, and returns what it printed, in order.
    func outcome(_ name: String, _ job: TestJob) async throws -> (status: Status, log: [String]) {
        try await submit(name, job)
        return (try await ended(name), try await log(name))
    }

    /// What a job's tasks have printed so far, in order.
    func log(_ name: String) async throws -> [String] {
        try await entries(name).compactMap(\.textPayload)
    }

    /// The log entries of a job's tasks so far, in order.
    func entries(_ name: String) async throws -> [Entry] {
        let lines = try await landfall("logs", name, "--format", "json")
        return try lines.split(separator: "\n").map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
    }

    struct Entry: Decodable {
        struct Payload: Decodable {
            var number: Double?
        }

        struct Split: Decodable {
            var index: Int?
            var totalSplits: Int?
        }

        var textPayload: String?
        var jsonPayload: Payload?
        var severity: String?
        var split: Split?
        var insertId: String
    }

    /// Waits until the tasks of a job have printed so many lines; returns them.
    @discardableResult
    func printed(_ name: String, lines count: Int) async throws -> [String] {
        try await eventually("\(name) prints \(count) lines") {
            let lines = try await log(name)
            return lines.count >= count ? lines : nil
        }
    }
}

/// Asks again until there is an answer; five minutes at most.
func eventually<Value>(_ what: String, _ body: () async throws -> Value?) async throws -> Value {
    let end = ContinuousClock.now + .seconds(300)
    while ContinuousClock.now < end {
        if let value = try await body() { return value }
        try await Task.sleep(for: .milliseconds(50))
    }
    throw TestFailure("waited for five minutes: \(what)")
}

/// Asks again until nothing is left, five minutes at most; then the error names what still is.
func eventuallyNothing(_ what: String, _ body: () async throws -> Set<String>) async throws {
    var left: Set<String> = []
    do {
        let _: Bool = try await eventually(what) {
            left = try await body()
            return left.isEmpty ? true : nil
        }
    } catch is TestFailure where !left.isEmpty {
        throw TestFailure("waited for five minutes: \(what) should be left, but there are: \(left.sorted())")
    }
}
