import Testing

@testable import Conditions

@Suite("An explanation")
struct ExplanationTests {
    @Test(
        "names each part, what it was, and the values it looked at",
        arguments: [
            (
                "request.time < date('2009-01-01')",
                [#"request.time < date("2009-01-01") is false: request.time is 2009-02-13T23:31:30.123456789Z"#]
            ),
            (
                "resource.name\n  .startsWith('pro\u{202E}x') // where it is",
                [
                    #"resource.name.startsWith("pro\u202ex") is false: "#
                        + #"resource.name is "projects/123/secrets/prod-key""#
                ]
            ),
            (
                "!(destination.port == 22) && (request.host == 'x')",
                [
                    "destination.port == 22 is true: destination.port is 22",
                    #"request.host == "x" cannot be evaluated: request.host is not known of this request"#,
                ]
            ),
            (
                "request.time.getHours('Europe/Berlin') >= 9 || resource.hasTagKey('987/none')",
                [
                    #"request.time.getHours("Europe/Berlin") >= 9 is false: "#
                        + "request.time is 2009-02-13T23:31:30.123456789Z, "
                        + #"request.time.getHours("Europe/Berlin") is 0"#,
                    #"resource.hasTagKey("987/none") is false"#,
                ]
            ),
            (
                "request.time > timestamp('x')",
                [
                    #"request.time > timestamp("x") cannot be evaluated: timestamp cannot read "x", "#
                        + "request.time is 2009-02-13T23:31:30.123456789Z"
                ]
            ),
            (
                "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/run.invoker'])",
                [
                    #"api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(["roles/run.invoker"]) "#
                        + #"is false: api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []) is "#
                        + #"["roles/batch.jobsEditor", "roles/run.invoker"]"#
                ]
            ),
        ])
    func parts(expression: String, lines: [String]) throws {
        let condition = try Condition(expression)
        let explanation = condition.explain(for: .sample)
        #expect(explanation.description == lines.joined(separator: "\n"))
        #expect(explanation.outcome == condition.evaluate(for: .sample))
        #expect(explanation.expression == expression)
    }

    @Test("stays short, whatever the condition and the request are")
    func short() throws {
        let names = Array(repeating: "resource.name", count: 300).joined(separator: ", ")
        var request = Attributes(requestTime: nil)
        request.resourceName = String(repeating: "n", count: 5_000)
        let explanation = try Condition("[\(names)] == [\(names)]").explain(for: request)
        #expect(explanation.outcome == .met)
        #expect(explanation.description.count < 12_000)
    }
}
