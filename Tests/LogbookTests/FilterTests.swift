import Foundation
import Logbook
import Schema
import SwiftProtobuf
import Testing

@Suite("The Logging query language")
struct FilterTests {
    static let entry = LogEntry.with {
        $0.logName = "projects/demo/logs/run.googleapis.com%2Fstdout"
        $0.resource.type = "batch.googleapis.com/Job"
        $0.resource.labels = ["location": "us-central1", "job_id": "hello"]
        $0.labels = [
            "job_uid": "hello-1", "task_id": "hello-1-group0-0", "run.googleapis.com/execution_name": "e1", "": "x",
        ]
        $0.severity = .warning
        $0.insertID = "abc"
        $0.timestamp = Google_Protobuf_Timestamp(seconds: 1_790_000_000, nanos: 500_000_000)  // 2026-09-21T14:13:20.5Z
        $0.httpRequest.status = 404
        $0.httpRequest.remoteIp = "10.1.2.3"
        $0.httpRequest.latency = Google_Protobuf_Duration(seconds: 1, nanos: 500_000_000)
        $0.sourceLocation.line = 12
        $0.operation.id = "op-1"
        $0.operation.first = true
        $0.jsonPayload = json
    }

    static let json =
        (try? Google_Protobuf_Struct(
            jsonString: """
                {"message": "Disk FULL on /dev/sda1", "count": 5, "ok": true, "none": null, "size": "12",
                 "nested": {"a b": "deep"}, "tags": ["red", "green"], "rows": [{"n": 1}, {"n": 2}], "path": "C:\\\\x"}
                """)) ?? Google_Protobuf_Struct()

    @Test(
        "an entry matches",
        arguments: [
            "", "   \n ", "-- only a comment", "severity>=WARNING", "severity=warning", "severity>300 severity<500",
            "resource.type=batch.googleapis.com/Job", #"resource.type="BATCH.googleapis.com/job""#,
            #"resource.labels.location = "us-central1" -- where"#, "resource.labels.location=us-central1",
            #"labels."run.googleapis.com/execution_name" = e1"#, "labels.run.googleapis.com/execution_name=e1",
            #"logName="projects/demo/logs/run.googleapis.com%2Fstdout""#, "log_name:stdout",
            #"log_id("run.googleapis.com/stdout")"#, "http_request.status>=400", "httpRequest.status:404",
            "httpRequest.latency>1s", "httpRequest.latency<=1.5s", "sourceLocation.line<13", "source_location.line>-1",
            "operation.first=true", "operation.first!=false", "operation:*", "insertId:*", "-trace:*", "NOT trace=x",
            "jsonPayload.count=5", "jsonPayload.count>4.5", "jsonPayload.count<1e1", "jsonPayload.count!=6",
            #"jsonPayload.count="5""#, "jsonPayload.ok=TRUE", "jsonPayload.none=NULL_VALUE", "jsonPayload.none:*",
            "jsonPayload.size>9", #"jsonPayload.nested."a b"=deep"#, "jsonPayload.tags=green",
            "jsonPayload.tags!=green",
            "jsonPayload.rows.n=2", "jsonPayload.nested:deep", "jsonPayload:message", "labels:job_uid",
            "jsonPayload.message:full", #"jsonPayload.message=~"FULL on""#, #"jsonPayload.message=~"(?i)full ON""#,
            #"jsonPayload.message!~"full""#, #"jsonPayload.message =~ "/dev/sda\d$""#, #"jsonPayload.path="c:\\x""#,
            #"jsonPayload.message =~ "/dev/sda\\d$""#,
            "jsonPayload.tags=(blue OR red)", "jsonPayload.tags=(green AND red)", "jsonPayload.tags=(green red)",
            "jsonPayload.count=(-5 OR 5)", "jsonPayload.tags:(NOT blue)", "jsonPayload.tags=(red -blue)",
            "full", "\"disk full\"", "'Disk full'", "us-central", "full NOT empty", "full -empty", "404", "op-1",
            #"SEARCH("disk full")"#, #"SEARCH("`full on`")"#, #"SEARCH(jsonPayload.message, "full")"#,
            "sample(insertId, 1)", #"ip_in_net(httpRequest.remoteIp, "10.0.0.0/8")"#,
            #"timestamp>="2026-09-21T14:13:20Z""#, "timestamp>=2026-09-21T14:13:20Z", "timestamp>2026-09-21",
            #"timestamp<"2026-09-21T16:13:21+02:00""#, #"timestamp>"2026-09-21T14:13""#,
            "timestamp<2026-09-21T14:13:21",
            #"timestamp = "2026-09-21T14:13:20.500Z""#, "timestamp!=2026-09-21",
            #"timestamp>="2026-09-21T14:13:20.400000+0000""#, #"timestamp<"2026-09-21T10:13:21-0400""#,
            "a\nOR severity>=DEFAULT",
            "(((severity=WARNING)))", "NOT (severity=INFO OR severity=ERROR)", "NOT NOT severity=WARNING",
            "source(projects/demo)", "cast(jsonPayload.size, INT64) > 9", "CAST(jsonPayload.size, FLOAT64) = 12",
            "cast(jsonPayload.count, STRING) =~ \"^5$\"", "cast(jsonPayload.ok, string)=true",
            "cast(timestamp, STRING) =~ \"T14:13:20.500Z\"", "NOT cast(jsonPayload.message, INT64)=5",
            #"cast(jsonPayload.count, INT64)=(4 OR 5)"#, "cast(httpRequest.latency, STRING)=1.5s",
            #"labels.task_id:"group0""#, "split.index=1 OR severity=400",
        ])
    func matching(_ filter: String) throws {
        #expect(try LogFilter(filter).matches(Self.entry))
    }

    @Test(
        "an entry does not match",
        arguments: [
            "source(projects/other)", "source(folders/1)", "cast(jsonPayload.message, INT64)!=5",
            "cast(jsonPayload.size, INT64) < 2", "severity>WARNING", "severity=INFO", "trace=x", "trace!=x",
            #"trace=~".""#, #"trace!~"x""#, "trace:*",
            "false", "warning", "jsonPayload.absent=1", "jsonPayload.absent!=1", "jsonPayload.absent<1",
            "NOT jsonPayload.count=5",
            "jsonPayload.count=x", "jsonPayload.ok=false", "textPayload:full", "jsonPayload.tags=blue",
            #"jsonPayload.message=~"full""#, #"jsonPayload.message=~"^FULL""#, "jsonPayload.tags=(blue AND red)",
            #"SEARCH("ful")"#, "sample(insertId, 0)", #"ip_in_net(httpRequest.remoteIp, "10.2.0.0/16")"#,
            #"log_id("stdout")"#, "timestamp<2026-09-21", "nowhere", "httpRequest.cacheHit=true", "split:*",
            "labels.job_uid=other", "resource.labels.zone:*", "protoPayload:*",
        ])
    func differing(_ filter: String) throws {
        #expect(try !LogFilter(filter).matches(Self.entry))
    }

    @Test(
        "NOT binds tighter than OR, and OR tighter than AND",
        arguments: [
            ("severity=INFO AND severity=INFO OR severity=WARNING", false),
            ("severity=WARNING OR severity=INFO AND severity=INFO", false),
            ("severity=WARNING AND severity=INFO OR severity=WARNING", true),
            ("NOT severity=INFO OR severity=INFO", true), ("NOT severity=WARNING OR severity=INFO", false),
            ("severity=INFO severity=INFO OR severity=WARNING", false),
            ("(severity=INFO AND severity=INFO) OR severity=WARNING", true),
        ])
    func precedence(_ filter: String, _ matches: Bool) throws {
        #expect(try LogFilter(filter).matches(Self.entry) == matches)
    }

    @Test(
        "the queries of known clients select the entries of one task",
        arguments: [
            #"resource.type=generic_task OR resource.type="batch.googleapis.com/Job" AND "#
                + #"logName="projects/demo/logs/batch_task_logs" AND labels.job_uid=hello-1 AND labels.task_id=hello-1-group0-0"#,
            #"timestamp>="2026-09-20T00:00:00Z" AND resource.type=batch.googleapis.com/Job AND labels.job_uid=hello-1"#,
            "labels.job_uid=\"hello-1\" AND labels.task_id:\"group0-0\" AND timestamp >= \"2026-09-20T00:00:00.000001\"",
            "resource.type = \"batch.googleapis.com/Job\"\nlog_id(\"batch_task_logs\")\nlabels.job_uid=\"HELLO-1\"",
        ])
    func clients(_ filter: String) throws {
        let filter = try LogFilter(filter)
        #expect(filter.matches(taskEntry("hello")))
        #expect(!filter.matches(taskEntry("hello", job: "hello-2")))
    }

    @Test(
        "a mistake is named, with its place",
        arguments: [
            ("lables.x=1", "unknown field 'lables.x' at line 1, column 1, token 'lables.x'"),
            ("severity=WARNING\n AND AND", "syntax error at line 2, column 6, token 'AND'"),
            ("severity=", "a value is missing at line 1, column 10, token ''"),
            ("(severity=INFO", "missing ')' at line 1, column 15, token ''"),
            ("severity=INFO)", "syntax error at line 1, column 14, token ')'"),
            ("severity=LOUD", "'LOUD' is no severity at line 1, column 10, token 'LOUD'"),
            ("\"open", "missing closing quote at line 1, column 1, token '\"open'"),
            ("cast(jsonPayload.a)=1", "cast() takes a field and a type at line 1, column 1, token 'cast'"),
            ("cast(jsonPayload.a, INT64)", "cast() must be compared with a value at line 1, column 27, token ''"),
            ("cast(jsonPayload.a, INT64) = x", "'x' is no number at line 1, column 30, token 'x'"),
            ("source(demo)", "source() takes a resource such as projects/demo at line 1, column 8, token 'demo'"),
            (
                "regexp_extract(a)",
                "function 'regexp_extract' is not supported at line 1, column 1, token 'regexp_extract'"
            ),
            ("httpRequest.status=x", "'x' is no number at line 1, column 20, token 'x'"),
            ("'severity'=INFO", "this is no field name at line 1, column 1, token ''severity''"),
            ("severity! = INFO", "unexpected character at line 1, column 9, token '!'"),
            (#"textPayload=~"(""#, #"invalid regular expression: missing ')' at line 1, column 14, token '"("'"#),
            (
                "timestamp>yesterday",
                "timestamp is compared with a time such as 2026-01-31T10:00:00Z at line 1, column 11, token 'yesterday'"
            ),
        ])
    func mistakes(_ filter: String, _ text: String) {
        let error = #expect(throws: FilterError.self) { try LogFilter(filter) }
        #expect(error?.description == text)
    }

    @Test("a hostile filter is refused, whatever it nests")
    func hostile() {
        let deep = 5_000
        let filters = [
            String(repeating: "(", count: deep) + "a" + String(repeating: ")", count: deep),
            String(repeating: "NOT ", count: deep) + "a", String(repeating: "-(", count: deep),
            "severity=" + String(repeating: "(", count: deep), String(repeating: "a", count: 20_001),
            "textPayload=~\"" + String(repeating: "(", count: deep) + "\"", #"textPayload=~"((a{1000}){1000}){1000}""#,
            #"textPayload=~"((){1000}){1000}""#,
            String(repeating: #"trace=~"b{999}" "#, count: 9), "SEARCH(\"" + String(repeating: "a ", count: 51) + "\")",
            #"textPayload=~"(a)\1""#, #"textPayload=~"(?=a)""#,
        ]
        for filter in filters { #expect(throws: FilterError.self) { try LogFilter(filter) } }
    }

    @Test("an expression that makes others take exponential time is decided at once", .timeLimit(.minutes(10)))
    func explosive() throws {
        let filter = try LogFilter(#"textPayload=~"^(a+)+$""#)
        #expect(!filter.matches(taskEntry(String(repeating: "a", count: 20_000) + "b")))
    }
}
