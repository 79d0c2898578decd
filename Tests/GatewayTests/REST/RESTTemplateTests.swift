import Access
import Logging
import Methods
import Schema
import Testing

@testable import Gateway

@Suite("A path template")
struct RESTTemplateTests {
    @Test(
        "matches paths and fills variables",
        arguments: [
            ("/v1/{name=projects/*/jobs/*}", "/v1/projects/p/jobs/j", ["name": "projects/p/jobs/j"]),
            ("/v1/{parent=projects/*}/jobs", "/v1/projects/p/jobs", ["parent": "projects/p"]),
            ("/v1/projects/{project}", "/v1/projects/example.com:p", ["project": "example.com:p"]),
            (
                "/v1/projects/{project}:getIamPolicy", "/v1/projects/example.com:p:getIamPolicy",
                ["project": "example.com:p"]
            ),
            ("/v3/{name=operations/**}", "/v3/operations/a/b", ["name": "operations/a/b"]),
            ("/v3/{name=operations/**}", "/v3/operations", ["name": "operations"]),
            ("/v3/{name=**}:cancel", "/v3/a/b:cancel", ["name": "a/b"]),
            ("/v1/{a}/x/{b.c=y/*}", "/v1/1/x/y/2", ["a": "1", "b.c": "y/2"]),
            ("/v1/{a}", "/v1/x%2Fy%20z", ["a": "x/y z"]),
            (
                "/v2/{name=projects/*/logs/*}", "/v2/projects/p%20q/logs/a%2Fb%2fc",
                ["name": "projects/p q/logs/a%2Fb%2fc"]
            ),
            ("/v1/*/x", "/v1/anything/x", [:]),
        ])
    func match(template: String, path: String, bindings: [String: String]) throws {
        var tree = PathTree<Int>()
        #expect(tree.insert(1, verb: "GET", template: try PathTemplate(template)))
        let match = try #require(tree.match(verb: "GET", path: path))
        let found = match.bindings.map { ($0.fieldPath.joined(separator: "."), $0.value) }
        #expect(Dictionary(uniqueKeysWithValues: found) == bindings)
        #expect(tree.match(verb: "POST", path: path) == nil)
    }

    @Test(
        "does not match other paths",
        arguments: [
            ("/v1/{name=projects/*/jobs/*}", "/v1/projects/p/jobs"),
            ("/v1/{name=projects/*/jobs/*}", "/v1/projects/p/jobs/j/k"),
            ("/v1/{name=projects/*/jobs/*}", "/v1/projects//jobs/j"),
            ("/v1/{name=projects/*/jobs/*}", "/v1/projects/p/jobs/"),
            ("/v1/{name=projects/*/jobs/*}", "/v1/projects/p/jobs/%zz"),
            ("/v1/{name=projects/*/jobs/*}", "/v1/projects/p/jobs/%ff"),
            ("/v1/{name=projects/*}:cancel", "/v1/projects/p:delete"),
            ("/v1/{name=projects/*}:cancel", "/v1/projects/p"),
            ("/v1/x", "v1/x"), ("/v1/x", ""), ("/v1/x", "/"),
        ])
    func noMatch(template: String, path: String) throws {
        var tree = PathTree<Int>()
        #expect(tree.insert(1, verb: "GET", template: try PathTemplate(template)))
        #expect(tree.match(verb: "GET", path: path) == nil)
    }

    @Test("gives way to one with a literal in its place")
    func precedence() throws {
        var tree = PathTree<String>()
        for template in ["/v1/**", "/v1/*/x", "/v1/a/*", "/v1/a/x"] {
            #expect(tree.insert(template, verb: "GET", template: try PathTemplate(template)))
        }
        let expected = ["/v1/a/x": "/v1/a/x", "/v1/a/y": "/v1/a/*", "/v1/b/x": "/v1/*/x", "/v1/b/y": "/v1/**"]
        for (path, template) in expected { #expect(tree.match(verb: "GET", path: path)?.value == template) }
    }

    @Test(
        "is refused when it is malformed",
        arguments: [
            "", "v1", "/", "/v1/", "/v1//x", "/v1/{a", "/v1/{}", "/v1/{a=}", "/v1/{a={b}}", "/v1/**/x", "/v1/x:",
            "/v1/x:a/b",
            "/v1/{a..b}", "/v1/}x",
        ])
    func malformed(template: String) {
        #expect(throws: PathTemplate.Malformed.self) { try PathTemplate(template) }
    }

    @Test(
        "stops the start when it overlaps another, or does not fit its message",
        arguments: [
            (["/v1/{name=projects/*}", "/v1/projects/*"], "another method of the API has the same route"),
            (["/v1/{bogus}"], "has no field bogus"),
        ])
    func badTable(templates: [String], reason: String) throws {
        let rows = templates.map { template in
            UnaryMethod<Google_Cloud_Batch_V1_GetJobRequest, Google_Cloud_Batch_V1_Job>(
                "test.Get", .get(template), access: .anyone("a test")
            ) { _, _ in .init() }
        }
        let error = #expect(throws: RouteError.self) {
            try Self.responder([API(service: "batch.googleapis.com", title: "Batch", methods: rows)])
        }
        #expect(error?.description.contains(reason) == true)
    }

    @Test("cannot be told apart from another API's at the same host")
    func sameHost() {
        let api = API(service: "batch.googleapis.com", title: "Batch", methods: [])
        #expect(throws: RouteError.self) { try Self.responder([api, api]) }
    }

    private static func responder(_ apis: [API]) throws -> RESTResponder {
        try RESTResponder(
            table: APITable(apis: apis, universes: []),
            invoker: Invoker(gatekeeper: FakeGatekeeper(), logger: Logger(label: "test")))
    }
}
