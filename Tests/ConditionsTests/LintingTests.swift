import Testing

@testable import Conditions

@Suite("A check of a condition")
struct LintingTests {
    private static let now = Timestamp("2026-11-21T12:00:00Z")

    @Test(
        "finds nothing where nothing is",
        arguments: [
            "1 < 2", "request.time < timestamp('2026-11-21T12:00:01Z')", "resource.name.startsWith('a')",
            "request.time.getMonth() == 11", "request.time.getHours('Europe/Berlin') >= 9",
            "duration('48h').getHours() > 30", "resource.service == 'compute.googleapis.com'",
            "resource.type == 'cloudresourcemanager.googleapis.com/Project'", "date(resource.name) > request.time",
        ])
    func clean(expression: String) {
        #expect(Condition.lint(expression, now: Self.now).isEmpty)
    }

    @Test(
        "gives what makes setIamPolicy fail as the only finding, an error, with its place",
        arguments: [
            ("true &&\n  request.tme", Finding.Check.compilation, 10), ("true=false", .compilation, 4),
            (
                "1<2 || 2<3 || 3<4 || 4<5 || 5<6 || 6<7 || 7<8 || 8<9 || 9<1 || 1<2 || 2<3 || 3<4 || 4<5 || 5<6",
                .complexity, 88
            ),
            (
                "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', ['roles/viewer']).hasOnly(['roles/editor'])",
                .grantsDefault, 60
            ),
            ("api.getAttribute('somekey', []).hasOnly(['somevalue', resource.name])", .listConstants, 40),
            ("api.getAttribute('somekey', []).hasOnly(request.auth.access_levels)", .listConstants, 40),
            (
                "['a'].hasOnly(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'])", .listLength, 14
            ),
        ])
    func errors(expression: String, check: Finding.Check, offset: Int) {
        let findings = Condition.lint(expression)
        #expect(findings.map(\.severity) == [.error])
        #expect(findings.map(\.check) == [check])
        #expect(findings.map(\.location.offset) == [offset])
        do {
            _ = try Condition(expression)
            Issue.record("it compiles")
        } catch {
            #expect(error.policyMessage.hasPrefix("LintValidationUnits/"))
            #expect(error.policyMessage.contains("Check Error: line "))
        }
    }

    @Test(
        "warns of what can never be as it looks",
        arguments: [
            ("request.time < timestamp('tomorrow')", Finding.Check.time, 25, "timestamp cannot read \"tomorrow\""),
            ("request.time < date('2026-02-30')", .time, 20, "date cannot read \"2026-02-30\""),
            ("request.time - date('2026-02-20') < duration('1d')", .time, 45, "duration cannot read \"1d\""),
            ("request.time.getHours('Berlin') < 9", .time, 22, "there is no time zone \"Berlin\""),
            ("request.time < timestamp('2000-01-01T00:00:00Z')", .time, 25, "2000-01-01T00:00:00Z has passed"),
            ("date('2026-11-21') <= request.time", .time, 5, "2026-11-21T00:00:00Z has passed"),
            ("request.time.getMonth() > 13", .timeRange, 26, "The value being compared to the specified timestamp"),
            ("7 == request.time.getDayOfWeek('UTC')", .timeRange, 0, "The value being compared to the specified"),
            ("resource.name.extract('a') == 'b'", .compilation, 22, "the template \"a\" does not have one {name}"),
            (
                "resource.service == 'resourcemanager'", .service, 20,
                "resource.service : resourcemanager is not supported"
            ),
            (
                "resource.type == 'resourcemanager.projects'", .type, 17,
                "resource.type : resourcemanager.projects is not"
            ),
            ("resource.type != 'compute.googleapis.com'", .type, 17, "resource.type : compute.googleapis.com is not"),
        ])
    func warnings(expression: String, check: Finding.Check, offset: Int, message: String) throws {
        let findings = Condition.lint(expression, now: Self.now)
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.severity == .warning)
        #expect(finding.check == check)
        #expect(finding.location.offset == offset)
        #expect(finding.message.hasPrefix(message), "\(finding.message)")
    }

    @Test("warns of attributes that the resource's service does not provide")
    func services() throws {
        let expression = "request.time > date('2026-01-01') && resource.name == 'x'"
        let finding = try #require(Condition.lint(expression, service: "batch.googleapis.com").first)
        #expect(finding.severity == .warning && finding.check == .attributes && finding.location.offset == 37)
        #expect(finding.message.hasPrefix("batch.googleapis.com does not provide resource.name"))
        #expect(Condition.lint(expression, service: "secretmanager.googleapis.com").isEmpty)
    }
}
