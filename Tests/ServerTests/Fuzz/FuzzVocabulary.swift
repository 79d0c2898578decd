import Foundation
import Schema
import SwiftProtobuf

/// What the fuzz says where it means to be understood, and where it does not.
///
/// A field that is not mentioned here is filled by its type alone: a new method needs nothing of this.
struct FuzzVocabulary {
    /// Ids by the collection that they stand in, and values by the names of their fields.
    private var known: [String: [String]] = [
        "projects": ["demo", "demo", "demo", "demo", "nowhere", "-", "fuzz-1", "fuzz-2"],
        "locations": ["us-central1", "us-central1", "us-central1", "europe-west1", "-", "mars"],
        "jobs": ["job-1", "job-2", "job-3"],
        "taskGroups": ["group0", "group0", "group1"],
        "tasks": ["0", "1", "99999999999999999999"],
        "operations": ["operation-1"],
        "services": ["batch.googleapis.com", "logging.googleapis.com", "nothing.googleapis.com"],
        "logs": ["fuzz", "batch_task_logs", "cloudresourcemanager.googleapis.com%2Factivity"],
        "organizations": ["1", "123456789"],
        "locations/workloadIdentityPools": ["global", "global", "global", "us-central1"],
        "locations/workforcePools": ["global", "global", "global", "mars"],
        "workloadIdentityPools": ["pool-1", "pool-1", "pool-1", "pool-2"],
        "workforcePools": ["staff-1", "staff-1", "staff-1", "staff-2"],
        "providers": ["provider-1", "provider-1", "provider-2"],
        "workload_identity_pool_id": ["pool-1", "pool-2"],
        "workforce_pool_id": ["staff-1", "staff-2"],
        "project_id": ["demo", "demo", "fuzz-1", "fuzz-2", "nowhere"],
        "job_id": ["job-1", "job-2", "job-3"],
        "resource_names": ["projects/demo", "projects/demo", "projects/nowhere"],
        "email": ["alice@example.com", "bob@example.com", "x@demo.iam.gserviceaccount.com"],
        "role": ["roles/viewer", "roles/batch.jobsEditor", "roles/owner", "roles/nothing"],
        "members": ["user:bob@example.com", "allUsers", "serviceAccount:x@demo.iam.gserviceaccount.com", "user:"],
        "permissions": ["batch.jobs.get", "batch.jobs.list", "nothing.at.all", "*"],
        "service_ids": ["batch.googleapis.com", "logging.googleapis.com"],
        "names": ["projects/demo/services/batch.googleapis.com"],
        "log_name": ["projects/demo/logs/fuzz"],
        "text": ["true", "exit 1"],
        "order_by": ["timestamp asc", "timestamp desc", "name", "create_time desc"],
        "filter": [
            "severity>=ERROR", "name:job", "state=\"RUNNING\"", "labels.a=b OR NOT labels.b:*", "parent.type:folder",
            "textPayload=~\"a.*b\"", "timestamp>\"2026-01-01T00:00:00Z\"", "sample(insertId, 0.5)",
            "lifecycleState:ACTIVE",
        ],
    ]

    /// Beyond this many, what is learnt takes the place of something older.
    private static let mostOfAKind = 30

    /// Words for a field; odd ones where there are none, and now and then unless the request is to be `calm`.
    func text(for field: String, _ source: inout FuzzSource, calm: Bool = false) -> String {
        if let words = known[field], calm || source.chance(80) { return source.pick(words) }
        return calm ? source.pick(["", "a", "name-1"]) : odd(&source)
    }

    /// An id for a place in a resource name; nil when nothing is known of its collection.
    func id(in collection: String, _ source: inout FuzzSource) -> String? {
        known[collection].map { source.pick($0) }
    }

    /// Takes up the strings of an answer, names and page tokens among them, for later requests.
    mutating func learn(from json: Any, _ source: inout FuzzSource) {
        if let list = json as? [Any] { for item in list.prefix(5) { learn(from: item, &source) } }
        guard let object = json as? [String: Any] else { return }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            guard let text = value as? String else {
                learn(from: value, &source)
                continue
            }
            guard (1...500).contains(text.utf8.count) else { continue }
            let parts = text.split(separator: "/").map(String.init)
            if key == "name", parts.count % 2 == 0 {
                for index in stride(from: 0, to: parts.count, by: 2) {
                    add(parts[index + 1], to: parts[index], &source)
                }
                if parts.count == 2 { add(text, to: "parent", &source) }
            }
            if key == "projectNumber" { add(text, to: "projects", &source) }
            add(text, to: key == "nextPageToken" ? "page_token" : Self.fieldName(key), &source)
        }
    }

    /// `refresh_token` for `refreshToken`.
    private static func fieldName(_ key: String) -> String {
        key.reduce(into: "") { name, letter in name += letter.isUppercase ? "_" + letter.lowercased() : String(letter) }
    }

    private mutating func add(_ word: String, to kind: String, _ source: inout FuzzSource) {
        let words = known[kind] ?? []
        guard !words.contains(word) else { return }
        if words.count < Self.mostOfAKind {
            known[kind] = words + [word]
        } else {
            known[kind]?[source.number(0...(words.count - 1))] = word
        }
    }

    func odd(_ source: inout FuzzSource) -> String {
        source.chance(3)
            ? String(repeating: source.pick(Self.oddities), count: source.pick([100, 1_000, 20_000]))
            : source.pick(Self.oddities)
    }

    private static let oddities = [
        "", " ", "a", "A", "0", "-1", "-", "*", "**", "/", "//", "..", "../../etc/passwd", "projects", "projects/",
        "projects/demo", "projects/demo/", "projects/-/locations/-", "{name}", "%2F", "%00", "%", "\u{0}", "\n", "\r\n",
        "\t", "\"", "'", "\\", "a b", "é", "e\u{301}", "ß", "💥", "👩‍👩‍👧‍👦", "\u{202E}abc", "\u{FEFF}", "\u{FFFD}", "日本語",
        "9223372036854775808", "-9223372036854775809", "1e308", "NaN", "true", "null", "[]", "{}", "(", ")",
        "((((((((((",
        "NOT ", "a=", "=", "AND", "a:(b OR", "a=~\"(\"", "sample(", "\"", "2026-13-45T99:99:99Z",
        "0001-01-01T00:00:00Z",
        "user:alice@example.com", "allUsers", "deleted:user:a@b.c?uid=1", "@", "a@b", "roles/", "x.y.z", "us-central1",
        "global", "; rm -rf /", "$(reboot)", "' OR 1=1 --", "<script>", "key=value", "a:b", "1h", "3.5s", "-1s",
    ]

    /// Messages that are right, for requests that get further than to the first check.
    static let examples: [String: [any Message]] = [
        "google.cloud.batch.v1.Job": [
            Google_Cloud_Batch_V1_Job.with {
                $0.labels = ["a": "b"]
                $0.priority = 5
                $0.taskGroups = [
                    .with {
                        $0.taskCount = 3
                        $0.taskSpec.maxRetryCount = 2
                        $0.taskSpec.maxRunDuration.seconds = 60
                        $0.taskSpec.runnables = [.with { $0.script.text = "true" }]
                        $0.taskSpec.environment.variables = ["A": "1"]
                        $0.taskEnvironments = (0..<3).map { index in .with { $0.variables = ["N": "\(index)"] } }
                    }
                ]
                $0.logsPolicy.destination = .cloudLogging
            },
            Google_Cloud_Batch_V1_Job.with {
                $0.taskGroups = [.with { $0.taskSpec.runnables = [.with { $0.script.text = "exit 1" }] }]
            },
        ],
        "google.iam.v1.Policy": [
            Google_Iam_V1_Policy.with {
                $0.version = 1
                $0.bindings = [
                    .with {
                        $0.role = "roles/owner"
                        $0.members = ["user:alice@example.com"]
                    }
                ]
            }
        ],
        "google.logging.v2.LogEntry": [
            Google_Logging_V2_LogEntry.with {
                $0.logName = "projects/demo/logs/fuzz"
                $0.resource.type = "global"
                $0.textPayload = "a line"
                $0.labels = ["a": "b"]
            }
        ],
    ]
}
