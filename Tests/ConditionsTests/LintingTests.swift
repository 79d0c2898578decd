import Testing

@testable import Conditions

@Suite("A check of a condition")
struct LintingTests {
    @Test(
        "finds nothing where nothing is",
        arguments: [
            "request.time < timestamp('2026-01-01T00:00:00Z')", "resource.name.startsWith('a')",
            "request.time.getMonth() == 11",
        ])
    func clean(expression: String) {
        #expect(Condition.lint(expression).isEmpty)
    }

    @Test("gives what makes setIamPolicy fail as an error, with its place")
    func errors() throws {
        let finding = try #require(Condition.lint("true &&\n  request.tme").first)
        #expect(finding.severity == .error)
        #expect(finding.check == .compilation)
        #expect(finding.location.line == 2 && finding.location.column == 3 && finding.location.offset == 10)
        let complex = try #require(Condition.lint(String(repeating: "!", count: 13) + "true").first)
        #expect(complex.check == .complexity && complex.severity == .error)
    }

    @Test(
        "warns of what can never be as it looks",
        arguments: [
            ("request.time < timestamp('tomorrow')", 15, "timestamp cannot read \"tomorrow\""),
            ("request.time < date('2026-02-30')", 15, "date cannot read \"2026-02-30\""),
            ("request.time.getHours('Berlin') < 9", 0, "there is no time zone \"Berlin\""),
            ("request.time.getMonth() == 12", 27, "getMonth gives 0 to 11, never 12"),
            ("7 == request.time.getDayOfWeek('UTC')", 0, "getDayOfWeek gives 0 to 6, never 7"),
            ("resource.name.extract('a') == 'b'", 0, "the template \"a\" does not have one {name}"),
            ("false", 0, "the condition is false whatever the request"),
            ("destination.port == 1 && 1 / 0 == 1", 25, "it divides by zero"),
        ])
    func warnings(expression: String, offset: Int, message: String) throws {
        let findings = Condition.lint(expression)
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.severity == .warning)
        #expect(finding.location.offset == offset)
        #expect(finding.message.hasPrefix(message), "\(finding.message)")
    }

    @Test("notices a condition that is always true")
    func always() {
        #expect(Condition.lint("1 < 2 || request.host == 'x'").map(\.severity) == [.notice])
    }

    @Test("warns of attributes that the resource's service does not provide")
    func services() throws {
        let expression = "request.time > date('2026-01-01') && resource.name == 'x'"
        let finding = try #require(Condition.lint(expression, service: "run.googleapis.com").first)
        #expect(finding.check == .attributes && finding.location.offset == 37)
        #expect(finding.message.hasPrefix("run.googleapis.com does not provide resource.name"))
        #expect(Condition.lint(expression, service: "secretmanager.googleapis.com").isEmpty)
    }
}
