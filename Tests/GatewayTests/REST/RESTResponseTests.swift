import HTTPTypes
import Testing

@Suite("A REST answer")
struct RESTResponseTests {
    private let client: RESTClient
    private static let job = "/v1/projects/demo/locations/l/jobs/j"

    init() throws { client = try RESTClient() }

    @Test("is indented by two spaces unless the client wants it compact")
    func prettyPrint() async throws {
        let pretty = try await client.send(.get, Self.job, query: "")
        #expect(
            pretty.text == """
                {
                  "name": "projects/demo/locations/l/jobs/j",
                  "priority": "7",
                  "taskGroups": [
                    {
                      "taskSpec": {
                        "maxRunDuration": "3600s"
                      },
                      "taskCount": "3"
                    }
                  ],
                  "labels": {
                    "a": "1",
                    "b": "2"
                  },
                  "logsPolicy": {
                    "destination": "CLOUD_LOGGING"
                  }
                }

                """)
        let compact = try await client.send(.get, Self.job, query: "$prettyPrint=false")
        #expect(compact.text.hasPrefix(#"{"name":"projects/demo/locations/l/jobs/j","priority":"7","#))
        #expect(!compact.text.contains("\n"))
    }

    @Test(
        "has what the client selects",
        arguments: [
            ("name", #"{"name":"projects/demo/locations/l/jobs/j"}"#),
            ("priority,logsPolicy/destination", #"{"priority":"7","logsPolicy":{"destination":"CLOUD_LOGGING"}}"#),
            ("task_groups(taskCount)", #"{"taskGroups":[{"taskCount":"3"}]}"#),
            ("taskGroups.taskSpec.maxRunDuration", #"{"taskGroups":[{"taskSpec":{"maxRunDuration":"3600s"}}]}"#),
            (
                "taskGroups/taskCount,taskGroups",
                #"{"taskGroups":[{"taskSpec":{"maxRunDuration":"3600s"},"taskCount":"3"}]}"#
            ),
            (
                "taskGroups,taskGroups/taskCount",
                #"{"taskGroups":[{"taskSpec":{"maxRunDuration":"3600s"},"taskCount":"3"}]}"#
            ),
            ("labels/a", #"{"labels":{"a":"1"}}"#),
            ("labels(*)", #"{"labels":{"a":"1","b":"2"}}"#),
            ("uid", "{}"),
        ])
    func fields(selection: String, expected: String) async throws {
        let answer = try await client.send(.get, Self.job, query: "prettyPrint=false&fields=\(selection)")
        #expect(answer.text == expected)
    }

    @Test(
        "is refused for a selection that is none", arguments: ["bogus", "name/x", "taskGroups(", "a,,b", "name)", "/"])
    func badFields(selection: String) async throws {
        let answer = try await client.send(.get, Self.job, query: "$fields=\(selection)")
        #expect(answer.status == 400)
    }

    @Test(
        "has enums as numbers when the client asks so",
        arguments: [
            "%24alt=json%3Benum-encoding%3Dint", "$alt=json;enum-encoding=int", "alt=json;enum-encoding=int",
        ])
    func enumNumbers(query: String) async throws {
        let answer = try await client.send(.get, Self.job, query: "\(query)&prettyPrint=false&fields=logsPolicy")
        #expect(answer.text == #"{"logsPolicy":{"destination":1}}"#)
    }

    @Test("writes what is in an Any")
    func any() async throws {
        let answer = try await client.send(.delete, Self.job)
        #expect(
            answer.text == #"{"name":"operation-1","metadata":{"@type":"type.googleapis.com/google.cloud.batch.v1."#
                + #"OperationMetadata","target":"projects/demo/locations/l/jobs/j"},"done":true,"#
                + #""response":{"@type":"type.googleapis.com/google.protobuf.Empty"}}"#)
    }

    @Test("carries Google's headers")
    func headers() async throws {
        let answer = try await client.send(.get, Self.job)
        #expect(answer.headers[.contentType] == "application/json; charset=UTF-8")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        #expect(answer.headers[.cacheControl] == "private")
        #expect(answer.headers[.contentLength] == "\(answer.text.utf8.count)")
    }

    @Test(
        "to a caller without a good token is 401, says which scheme, and gives the reason",
        arguments: [
            (nil, "CREDENTIALS_MISSING"), ("Bearer mallory", "ACCESS_TOKEN_EXPIRED"),
        ])
    func unauthenticated(authorization: String?, reason: String) async throws {
        let answer = try await client.send(.get, Self.job, authorization: authorization)
        #expect(answer.status == 401)
        #expect(answer.headers[.wwwAuthenticate] == #"Bearer realm="https://accounts.google.com/""#)
        #expect(
            answer.text.contains(
                #""details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"\#(reason)""#))
        #expect(answer.text.contains(#""status":"UNAUTHENTICATED""#))
    }

    @Test(
        "to an unknown path, verb or host is 404",
        arguments: [
            (HTTPRequest.Method.get, "/v1/nothing", "batch.googleapis.com"),
            (.put, job, "batch.googleapis.com"),
            (.head, job, "batch.googleapis.com"),
            (.get, job, "www.googleapis.com"),
            (.get, job, "logging.googleapis.com"),
            (.post, job + ":destroy", "batch.googleapis.com"),
        ])
    func notFound(method: HTTPRequest.Method, path: String, host: String) async throws {
        let answer = try await client.send(method, path, host: host)
        #expect(answer.status == 404)
        #expect(
            method == .head
                ? answer.text.isEmpty : answer.text.contains("was not found on this server: Landfall has no method"))
    }

    @Test(
        "to what is no region in an API's host says so", arguments: ["us-centrall", "nowhere1", "us-central", "1"])
    func unknownRegion(region: String) async throws {
        let answer = try await client.send(.get, Self.job, host: "\(region)-batch.googleapis.com")
        #expect(answer.status == 404)
        #expect(answer.text.contains("'\(region)' in the host \(region)-batch.googleapis.com is not a region"))
    }

    @Test(
        "comes from the API that has the path when the host is an address",
        arguments: [
            "127.0.0.1", "localhost", "::1", "cluster-head", "us-central1-batch.landfall.test",
        ])
    func plainHost(host: String) async throws {
        let answer = try await client.send(.get, Self.job, host: host)
        #expect(answer.status == 200)
    }

    @Test("to an error that no client may see has none of it")
    func unexpectedError() async throws {
        let answer = try await client.send(.post, "/v2/fail", host: "logging.googleapis.com")
        #expect(answer.status == 500)
        #expect(answer.text.contains("Internal error encountered."))
        #expect(!answer.text.contains("Unforeseen"))
    }
}
