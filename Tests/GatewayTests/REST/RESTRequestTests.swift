import Testing

@Suite("A REST body")
struct RESTRequestTests {
    private let client: RESTClient
    private static let jobs = "/v1/projects/demo/locations/us-central1/jobs"

    init() throws { client = try RESTClient() }

    @Test(
        "fills the field that the rule names, in any spelling that Google takes",
        arguments: [
            (#"{"taskGroups":[{"taskCount":"3"}]}"#, #"{"taskGroups":[{"taskCount":"3"}]}"#),
            (#"{"task_groups":[{"task_count":3}]}"#, #"{"taskGroups":[{"taskCount":"3"}]}"#),
            (#"{"priority":1e2}"#, #"{"priority":"100"}"#),
            (#"{"logsPolicy":{"destination":1}}"#, #"{"logsPolicy":{"destination":"CLOUD_LOGGING"}}"#),
            (#"{"logsPolicy":{"destination":"PATH"}}"#, #"{"logsPolicy":{"destination":"PATH"}}"#),
            (#"{"labels":{"a":"\u0041\ud83d\ude00"}}"#, #"{"labels":{"a":"A😀"}}"#),
            (#"{"uid":null,"taskGroups":null,"logsPolicy":null}"#, "{}"),
            (
                #"{"taskGroups":[{"taskSpec":{"maxRunDuration":"3.5s"}}]}"#,
                #"{"taskGroups":[{"taskSpec":{"maxRunDuration":"3.500s"}}]}"#
            ),
            (#"{"createTime":"2024-01-02T03:04:05+01:00"}"#, #"{"createTime":"2024-01-02T02:04:05Z"}"#),
            (" \n{ } \t", "{}"),
        ])
    func body(json: String, job: String) async throws {
        let answer = try await client.send(.post, Self.jobs, body: json)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"parent":"projects/demo/locations/us-central1","job":\#(job)}"#)
    }

    @Test(
        "is refused with Google's words and the path of the field",
        arguments: [
            (
                #"{"bogus":1}"#, "job",
                #"Invalid JSON payload received. Unknown name "bogus" at 'job': Cannot find field."#
            ),
            (
                #"{"taskGroups":[{},{"x":{}}]}"#, "job.task_groups[1]",
                #"Invalid JSON payload received. Unknown name "x" at 'job.task_groups[1]': Cannot find field."#
            ),
            (
                #"{"taskGroups":[{"taskCount":"abc"}]}"#, "job.task_groups[0].task_count",
                #"Invalid value at 'job.task_groups[0].task_count' (TYPE_INT64), "abc""#
            ),
            (
                #"{"taskGroups":[{"taskCount":1.5}]}"#, "job.task_groups[0].task_count",
                "Invalid value at 'job.task_groups[0].task_count' (TYPE_INT64), 1.5"
            ),
            (
                #"{"priority":9223372036854775808}"#, "job.priority",
                "Invalid value at 'job.priority' (TYPE_INT64), 9223372036854775808"
            ),
            (
                #"{"taskGroups":[{"taskSpec":{"maxRetryCount":2147483648}}]}"#,
                "job.task_groups[0].task_spec.max_retry_count",
                "Invalid value at 'job.task_groups[0].task_spec.max_retry_count' (TYPE_INT32), 2147483648"
            ),
            (
                #"{"taskGroups":[{"runAsNonRoot":"yes"}]}"#, "job.task_groups[0].run_as_non_root",
                #"Invalid value at 'job.task_groups[0].run_as_non_root' (TYPE_BOOL), "yes""#
            ),
            (#"{"uid":5}"#, "job.uid", "Invalid value at 'job.uid' (TYPE_STRING), 5"),
            (
                #"{"uid":["a"]}"#, "job",
                #"Invalid JSON payload received. Unknown name "uid" at 'job': Proto field is not repeating, cannot start list."#
            ),
            (
                #"{"uid":{}}"#, "job",
                #"Invalid JSON payload received. Unknown name "uid" at 'job': Starting an object on a scalar field"#
            ),
            (
                #"{"logsPolicy":{"destination":"X"}}"#, "job.logs_policy.destination",
                #"Invalid value at 'job.logs_policy.destination' "#
                    + #"(type.googleapis.com/google.cloud.batch.v1.LogsPolicy.Destination), "X""#
            ),
            (
                #"{"logsPolicy":"X"}"#, "job.logs_policy",
                #"Invalid value at 'job.logs_policy' (type.googleapis.com/google.cloud.batch.v1.LogsPolicy), "X""#
            ),
            (
                #"{"taskGroups":{}}"#, "job.task_groups",
                "Invalid value at 'job.task_groups' (type.googleapis.com/google.cloud.batch.v1.TaskGroup), {}"
            ),
            (
                #"{"taskGroups":[null]}"#, "job.task_groups[0]",
                "Invalid value at 'job.task_groups[0]' (type.googleapis.com/google.cloud.batch.v1.TaskGroup), null"
            ),
            (
                #"{"taskGroups":[{"taskSpec":{"runnables":[{"container":{"commands":["a",{}]}}]}}]}"#,
                "job.task_groups[0].task_spec.runnables[0].container.commands[1]",
                "Invalid value at 'job.task_groups[0].task_spec.runnables[0].container.commands[1]' (TYPE_STRING), {}"
            ),
            (
                #"{"labels":{"a":"b","c":1}}"#, "job.labels[1].value",
                "Invalid value at 'job.labels[1].value' (TYPE_STRING), 1"
            ),
            (
                #"{"createTime":"yesterday"}"#, "job.create_time",
                "Invalid value at 'job.create_time' (type.googleapis.com/google.protobuf.Timestamp), "
                    + "Field 'createTime', Invalid time format: yesterday"
            ),
            (#"{"uid":"a","uid":"b"}"#, "job", #"Invalid JSON payload received. Duplicate name "uid" at 'job'."#),
            (
                #"{"taskGroups":[],"task_groups":[]}"#, "job",
                #"Invalid JSON payload received. Duplicate name "task_groups" at 'job'."#
            ),
            (
                #"{"labels":{"a":"b","a":"c"}}"#, "job.labels",
                #"Invalid JSON payload received. Duplicate name "a" at 'job.labels'."#
            ),
            (
                #"{"taskGroups":[{"taskSpec":{"runnables":[{"script":{"text":"a"},"barrier":{}}]}}]}"#,
                "job.task_groups[0].task_spec.runnables[0]",
                "Invalid value at 'job.task_groups[0].task_spec.runnables[0]' (oneof), "
                    + "oneof field 'executable' is already set. Cannot set 'barrier'"
            ),
        ])
    func refusal(json: String, field: String, message: String) async throws {
        let answer = try await client.send(.post, Self.jobs, body: json)
        #expect(answer.status == 400)
        let violation = #"{"field":\#(quoted(field)),"description":\#(quoted(message))}"#
        #expect(
            answer.text == #"{"error":{"code":400,"message":\#(quoted(message)),"status":"INVALID_ARGUMENT","#
                + #""details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[\#(violation)]}]}}"#
        )
    }

    @Test("has all its faults told at once")
    func severalViolations() async throws {
        let answer = try await client.send(.post, Self.jobs, body: #"{"a":1,"uid":2,"labels":3}"#)
        #expect(
            answer.text.contains(#"Cannot find field.\nInvalid value at 'job.uid' (TYPE_STRING), 2\nInvalid"#))
        #expect(answer.text.split(separator: "\"description\"").count == 4)
    }

    @Test(
        "that is not JSON is refused with the place",
        arguments: [
            ("{", "Expected an object key or }."),
            ("{]", "Expected an object key or }."),
            (#"{"uid"}"#, "Expected : between key:value pair."),
            (#"{"uid":}"#, "Unexpected token."),
            (#"{"uid":"a" "b":1}"#, "Expected , or } after key:value pair."),
            (#"{"uid":"a",}"#, "Expected an object key or }."),
            (#"{"taskGroups":[{} {}]}"#, "Expected , or ] after array value."),
            (#"{"uid":"a"#, "Closing quote expected in string."),
            (#"{"uid":"\x"}"#, "Invalid escape sequence."),
            (#"{"uid":"\ud800"}"#, "Invalid escape sequence."),
            ("{\"uid\":\"a\nb\"}", "Control character in string."),
            (#"{"priority":-}"#, "Unable to parse number."),
            (#"{"priority":1.}"#, "Unable to parse number."),
            (#"{"priority":tru}"#, "Unexpected token."),
            (#"{"priority":01}"#, "Expected , or } after key:value pair."),
            ("{} {}", "Parsing terminated before end of input."),
            ("taskGroups: []", "Unexpected token."),
        ])
    func malformed(json: String, reason: String) async throws {
        let answer = try await client.send(.post, Self.jobs, body: json)
        #expect(answer.status == 400)
        #expect(answer.text.contains(#""message":"Invalid JSON payload received. \#(reason)\n"#))
    }

    @Test("that is not an object is refused", arguments: ["[]", "3", #""text""#])
    func notAnObject(json: String) async throws {
        let field = try await client.send(.post, Self.jobs, body: json)
        #expect(field.status == 400)
        let whole = try await client.send(.post, Self.jobs + "/j:cancel", body: json)
        #expect(whole.text.contains("Root element must be a message."))
    }

    @Test("that is not UTF-8 is refused")
    func invalidUTF8() async throws {
        let answer = try await client.send(
            .post, Self.jobs, bytes: Array(#"{"uid":""#.utf8) + [0xFF] + Array("\"}".utf8))
        #expect(answer.status == 400)
        #expect(answer.text.contains("non UTF-8"))
    }

    @Test("nested beyond the limit is refused, in known fields and in others", arguments: ["uid", "bogus"])
    func depth(name: String) async throws {
        let deep = String(repeating: "[", count: 200_000)
        let answer = try await client.send(.post, Self.jobs, body: #"{"\#(name)":\#(deep)"#)
        #expect(answer.status == 400)
        #expect(answer.text.contains("Message too deep."))
    }

    @Test("nested as deep as the limit is taken", arguments: [("[", "]"), (#"{"a":"#, "}")])
    func depthWithinLimit(open: String, close: String) async throws {
        // The request, the list, the entry and the Struct enclose the rest.
        let deep = String(repeating: open, count: 96) + "1" + String(repeating: close, count: 96)
        let answer = try await client.send(
            .post, "/v2/entries:write", body: #"{"entries":[{"jsonPayload":{"x":\#(deep)}}]}"#,
            host: "logging.googleapis.com")
        #expect(answer.status == 200)
        #expect(answer.text.contains(deep))
    }

    @Test("beyond the limit is refused with the limit")
    func tooLarge() async throws {
        let small = try RESTClient(limits: .init(bodyBytes: 100))
        let answer = try await small.send(.post, Self.jobs, body: String(repeating: " ", count: 101))
        #expect(answer.status == 400)
        #expect(answer.text.contains("Request payload size exceeds the limit: 100 bytes."))
        let fits = try await small.send(.post, Self.jobs, body: String(repeating: " ", count: 100))
        #expect(fits.status == 200)
    }

    @Test("may hold JSON of any shape where the field is a Struct, and keeps it")
    func freeJSON() async throws {
        let entry = #"{"jsonPayload":{"a":[1,null,{"b":true},-2.5,"x"]},"logName":"x"}"#
        let answer = try await client.send(
            .post, "/v2/entries:write", body: #"{"entries":[\#(entry)]}"#, host: "logging.googleapis.com")
        #expect(answer.status == 200)
        #expect(answer.text.contains(#""jsonPayload":{"a":[1,null,{"b":true},-2.5,"x"]}"#))
        let twice = try await client.send(
            .post, "/v2/entries:write", body: #"{"entries":[{"jsonPayload":{"a":{"b":1,"b":2}}}]}"#,
            host: "logging.googleapis.com")
        #expect(twice.text.contains(#"Duplicate name \"b\" at 'entries[0].json_payload'"#))
        let huge = try await client.send(
            .post, "/v2/entries:write", body: #"{"entries":[{"jsonPayload":{"a":[1e400]}}]}"#,
            host: "logging.googleapis.com")
        #expect(huge.status == 400)
        #expect(huge.text.contains("Invalid value at 'entries[0].json_payload' (TYPE_DOUBLE)"))
        #expect(huge.text.contains("The number is out of range: 1e400"))
    }

    @Test(
        "may hold an Any of a known type, and is refused with any other",
        arguments: [
            (#"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"R"}"#, "\"reason\":\"R\""),
            (#"{"reason":"R","@type":"type.googleapis.com/google.rpc.ErrorInfo"}"#, "\"reason\":\"R\""),
            (
                #"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","bad":1}"#,
                "Unknown name \\\"bad\\\" at 'entries[0].proto_payload'"
            ),
            (#"{"@type":"type.googleapis.com/no.Such"}"#, "Unknown type: type.googleapis.com/no.Such"),
            (#"{"reason":"R"}"#, "Missing @type for any field."),
            (
                #"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","@type":"type.googleapis.com/google.rpc.Help"}"#,
                #"Duplicate name \"@type\" at 'entries[0].proto_payload'"#
            ),
            (#"{"@type":"type.googleapis.com/google.protobuf.Struct","value":{"a":"b"}}"#, #""value":{"a":"b"}"#),
            (
                #"{"@type":"type.googleapis.com/google.protobuf.Struct","value":3}"#,
                "Invalid value at 'entries[0].proto_payload.value' (type.googleapis.com/google.protobuf.Struct), 3"
            ),
        ])
    func any(json: String, expected: String) async throws {
        let answer = try await client.send(
            .post, "/v2/entries:write", body: #"{"entries":[{"protoPayload":\#(json)}]}"#,
            host: "logging.googleapis.com")
        #expect(answer.text.contains(expected))
    }

    @Test("of a form is refused, and any other content type is read as JSON")
    func contentType() async throws {
        let form = try await client.send(
            .post, Self.jobs, body: "{}", headers: [.contentType: "application/x-www-form-urlencoded"])
        #expect(form.status == 400)
        #expect(form.text.contains("application/x-www-form-urlencoded"))
        let text = try await client.send(
            .post, Self.jobs, body: #"{"uid":"u"}"#, headers: [.contentType: "text/plain"])
        #expect(text.status == 200)
    }

    @Test("is not taken where the method has none")
    func unexpectedBody() async throws {
        let empty = try await client.send(.get, Self.jobs, body: "{}")
        #expect(empty.status == 200)
        let answer = try await client.send(.get, Self.jobs, body: #"{"filter":"x"}"#)
        #expect(answer.text.contains(#"Unknown name \"filter\": Cannot find field."#))
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
