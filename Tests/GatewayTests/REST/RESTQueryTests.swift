import HTTPTypes
import Testing

@Suite("A REST query")
struct RESTQueryTests {
    private let client: RESTClient
    private static let jobs = "/v1/projects/demo/locations/us-central1/jobs"

    init() throws { client = try RESTClient() }

    @Test(
        "fills fields by either name, and leaves the system's parameters out",
        arguments: [
            ("pageSize=5", #","pageSize":5"#),
            ("page_size=5&page_token=a%2Bb+c", #","pageSize":5,"pageToken":"a+b c""#),
            ("filter=status.state%3D%22RUNNING%22", #","filter":"status.state=\"RUNNING\"""#),
            ("alt=json&key=k&quotaUser=q&uploadType=media&%24.xgafv=2", ""),
            ("pageSize=1&pageSize=2", #","pageSize":2"#),
            ("parent=projects/evil/locations/x", ""),
        ])
    func binding(query: String, rest: String) async throws {
        let answer = try await client.send(.get, Self.jobs, query: query + "&prettyPrint=false")
        #expect(answer.text == #"{"parent":"projects/demo/locations/us-central1"\#(rest)}"#)
    }

    @Test("reaches into messages")
    func nested() async throws {
        let answer = try await client.send(
            .get, "/v2/projects/p/logs/a%2Fb:getIamPolicy",
            query: "prettyPrint=false&options.requestedPolicyVersion=3", host: "logging.googleapis.com")
        #expect(answer.text == #"{"resource":"projects/p/logs/a%2Fb","options":{"requestedPolicyVersion":3}}"#)
    }

    @Test(
        "takes true and false as Python writes them, too, and nothing else for them",
        arguments: [
            ("true", 200, #"{"showDeleted":true}"#), ("True", 200, #"{"showDeleted":true}"#), ("False", 200, "{}"),
            ("yes", 400, "(TYPE_BOOL), \\\"yes\\\""), ("1", 400, "(TYPE_BOOL), \\\"1\\\""),
        ])
    func booleans(value: String, status: Int, answer: String) async throws {
        let given = try await client.send(
            .get, "/v2/roles", query: "prettyPrint=false&showDeleted=\(value)", host: "logging.googleapis.com")
        #expect(given.status == status)
        #expect(given.text.contains(answer), "\(given.text)")
    }

    @Test("works besides a body")
    func besidesBody() async throws {
        let answer = try await client.send(
            .post, Self.jobs, query: "prettyPrint=false&job_id=j&requestId=r", body: #"{"uid":"u"}"#)
        #expect(
            answer.text
                == #"{"parent":"projects/demo/locations/us-central1","jobId":"j","job":{"uid":"u"},"requestId":"r"}"#)
    }

    @Test(
        "is refused by name when it cannot be bound",
        arguments: [
            (
                "x=1",
                "Invalid JSON payload received. Unknown name \\\"x\\\": Cannot bind query parameter. "
                    + "Field 'x' could not be found in request message."
            ),
            ("parent.name=1", "Field 'parent.name' could not be found in request message."),
            ("=1", "Field '' could not be found in request message."),
            ("pageSize=abc", "Invalid value at 'page_size' (TYPE_INT32), \\\"abc\\\""),
            ("pageSize=", "Invalid value at 'page_size' (TYPE_INT32), \\\"\\\""),
            ("pageSize=2147483648", "Invalid value at 'page_size' (TYPE_INT32), \\\"2147483648\\\""),
            ("filter=%zz", "not percent-encoded UTF-8"),
            ("filter=%ff", "not percent-encoded UTF-8"),
            ("alt=proto", "alt=proto is not supported"),
            ("alt=media", "alt=media is not supported"),
            ("callback=f", "callback"),
            ("access_token=t", "Authorization header"),
            ("prettyPrint=maybe", "prettyPrint"),
        ])
    func refusal(query: String, message: String) async throws {
        let answer = try await client.send(.get, Self.jobs, query: query)
        #expect(answer.status == 400)
        #expect(answer.text.contains(message))
    }

    @Test("may come as the form of a POST that stands for a GET")
    func methodOverride() async throws {
        let override = try #require(HTTPField.Name("x-http-method-override"))
        let headers: HTTPFields = [override: "GET", .contentType: "application/x-www-form-urlencoded"]
        let answer = try await client.send(.post, Self.jobs, body: "pageSize=9", headers: headers)
        #expect(answer.text == #"{"parent":"projects/demo/locations/us-central1","pageSize":9}"#)
        let delete = try await client.send(.post, Self.jobs, body: "", headers: [override: "DELETE"])
        #expect(delete.status == 400)
    }

    @Test("goes before the body, and the path before both")
    func precedence() async throws {
        let answer = try await client.send(
            .post, Self.jobs + "/j:cancel", query: "prettyPrint=false&requestId=query",
            body: #"{"name":"projects/evil","requestId":"body"}"#)
        #expect(answer.text == #"{"name":"projects/demo/locations/us-central1/jobs/j","requestId":"query"}"#)
    }
}
