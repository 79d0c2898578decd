import Testing

@testable import Conditions

@Suite("An expression")
struct EvaluationTests {
    @Test(
        "is true",
        arguments: [
            "true", "!false", "(true)", "true // because", "request.time < timestamp('2010-01-01T00:00:00Z')",
            "request.time<=timestamp(\"2009-02-13T23:31:30.123456789Z\")", "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3",
            "1 == 1 && 1 != 2 && -1 < 0", "0x1F == 31", "-9223372036854775808 < 9223372036854775807",
            "2 + 3 * 4 == 14 && (2 + 3) * 4 == 20 && 7 - 2 - 1 == 4", "7 / 2 == 3 && -7 / 2 == -3 && 7 % 4 == 3",
            "- 5 == -5 && -(5) == -5 && --5 == 5", "'a' < 'b' && 'a' < 'aa' && 'Z' < 'a' && '' < 'a'",
            "'a' in ['a', 'b']", "!('c' in ['a', 'b'])", "1 in [1, 2]", "!(1 in [])", "['a', 'b'] == ['a', 'b',]",
            "['a'] != ['b']", "[] == []", "request.time in [request.time]",
            "resource.name.startsWith('projects/123/') && resource.name.endsWith('-key')", "'abc'.startsWith('')",
            "!'abc'.startsWith('b') && !'abc'.endsWith('abcd')",
            "resource.type == 'secretmanager.googleapis.com/Secret'",
            "resource.service == 'secretmanager.googleapis.com'", "request.path.startsWith('/admin')",
            "destination.ip == '10.0.0.2' && destination.port == 22", "destination.port in [22, 3389]",
            "'accessPolicies/1/accessLevels/office' in request.auth.access_levels",
            "request.time > date('2009-02-13') && request.time < date('2009-02-14')",
            "date('2009-02-13') == timestamp('2009-02-13T00:00:00Z')",
            "request.time < timestamp('2009-02-13T23:00:00Z') + duration('1h')",
            "request.time - timestamp('2009-02-13T23:31:00Z') < duration('31s')",
            "request.time - duration('10m') < timestamp('2009-02-13T23:30:00Z')",
            "duration('1h') + duration('30m') == duration('90m') && duration('1h') - duration('2h') == duration('-1h')",
            "duration('1h') + timestamp('2009-02-13T23:31:30Z') > request.time",
        ])
    func isTrue(expression: String) throws {
        #expect(try Condition.outcome(expression) == .met)
    }

    @Test(
        "is false",
        arguments: [
            "false", "!true", "!!false", "request.time > timestamp('2010-01-01T00:00:00Z')", "1 > 2", "'a' == 'A'",
            "'c' in ['a', 'b']", "resource.name == 'projects/123/secrets/prod-key2'", "'' == ' '",
            "resource.name.startsWith('/projects')", "request.path.endsWith('/admin')", "[1, 2] == [2, 1]",
        ])
    func isFalse(expression: String) throws {
        #expect(try Condition.outcome(expression) == .notMet)
    }

    @Test(
        "cannot be evaluated",
        arguments: [
            ("request.host == 'x'", EvaluationError.missing(.requestHost)),
            ("!(request.host == 'x')", .missing(.requestHost)),
            (
                "request.time < timestamp('2010-13-01T00:00:00Z')",
                .malformed(function: "timestamp", text: "2010-13-01T00:00:00Z")
            ),
            ("request.time > timestamp('soon')", .malformed(function: "timestamp", text: "soon")),
            (
                "request.time > timestamp(resource.name)",
                .malformed(function: "timestamp", text: "projects/123/secrets/prod-key")
            ),
            ("request.time > date('2009-2-13')", .malformed(function: "date", text: "2009-2-13")),
            ("duration('1 h') > duration('0')", .malformed(function: "duration", text: "1 h")),
            ("request.time.getHours('Mars/Olympus') == 1", .unknownTimeZone("Mars/Olympus")),
            ("resource.name.extract('a{b}c{d}') == ''", .malformedTemplate("a{b}c{d}")),
            ("destination.port / (destination.port - 22) == 1", .divisionByZero), ("1 % 0 == 1", .divisionByZero),
            ("9223372036854775807 + 1 > 0", .outOfRange("number")),
            ("-(-9223372036854775808) > 0", .outOfRange("number")),
            ("-9223372036854775808 / -1 > 0", .outOfRange("number")),
            ("-9223372036854775808 - 1 < 0", .outOfRange("number")),
            ("9223372036854775807 * 2 > 0", .outOfRange("number")),
            ("-9223372036854775808 % -1 == 0", .outOfRange("number")),
            ("timestamp('9999-12-31T23:59:59Z') + duration('1s') > request.time", .outOfRange("timestamp")),
            ("timestamp('0001-01-01T00:00:00Z') - duration('1ns') < request.time", .outOfRange("timestamp")),
            ("duration('300000000000s') + duration('300000000000s') > duration('0')", .outOfRange("duration")),
            (
                "api.getAttribute('storage.googleapis.com/objectListPrefix', []) == []",
                .wrongType("storage.googleapis.com/objectListPrefix")
            ),
        ])
    func hasNoValue(expression: String, error: EvaluationError) throws {
        let outcome = try Condition.outcome(expression)
        #expect(outcome == .notEvaluable(error))
        #expect(!outcome.grants && outcome.denies)
    }

    @Test(
        "with a timestamp that is none never lets anybody in, whatever stands beside it",
        arguments: [
            "request.time < timestamp('soon') || true", "true || request.time < timestamp('2026-01-01')",
            "!(request.time < timestamp('soon') && false)", "resource.name in ['x'] || timestamp('') == request.time",
            "destination.port == 22 || request.time < timestamp('2026-02-30T00:00:00Z')",
        ])
    func malformedTimestamp(expression: String) throws {
        let outcome = try Condition.outcome(expression)
        #expect(!outcome.grants && outcome.denies)
    }

    @Test("compares texts by their code points, so that a letter composed is not the same as one with its accent")
    func codePoints() throws {
        var request = Attributes.sample
        request.resourceName = "caf\u{E9}"
        for (expression, outcome) in [
            ("resource.name == 'caf\u{E9}'", Outcome.met), ("resource.name == 'cafe\u{301}'", .notMet),
            ("resource.name.startsWith('cafe')", .notMet), ("'cafe\u{301}'.startsWith('cafe')", .met),
            ("resource.name in ['cafe\u{301}']", .notMet), ("'\u{E9}' < '\u{1F600}'", .met),
        ] {
            #expect(try Condition(expression).evaluate(for: request) == outcome, "\(expression)")
        }
    }

    @Test("grants when it is true, and denies unless it is false")
    func effects() {
        #expect(Outcome.met.grants && Outcome.met.denies)
        #expect(!Outcome.notMet.grants && !Outcome.notMet.denies)
        #expect(!Outcome.notEvaluable(.divisionByZero).grants && Outcome.notEvaluable(.divisionByZero).denies)
    }

    @Test("of Cloud Run sees the time and not the resource, of Secret Manager both")
    func services() throws {
        for (service, type, isProvided) in [
            ("run.googleapis.com", "run.googleapis.com/Job", false),
            ("batch.googleapis.com", "batch.googleapis.com/Job", false),
            ("iam.googleapis.com", "iam.googleapis.com/ServiceAccount", false),
            ("secretmanager.googleapis.com", "secretmanager.googleapis.com/Secret", true),
        ] {
            var request = Attributes(requestTime: Timestamp("2026-01-01T00:00:00Z"))
            request.describeResource(service: service, type: type, name: "projects/123/things/one")
            let name = try Condition("resource.name.endsWith('/one')").evaluate(for: request)
            #expect(name == (isProvided ? .met : .notEvaluable(.missing(.resourceName))), "\(service)")
            #expect(try Condition("request.time > date('2025-12-31')").evaluate(for: request) == .met)
            #expect(try Condition("resource.hasTagKey('123/env')").evaluate(for: request) == .notMet)
        }
        var request = Attributes(requestTime: nil)
        request.describeResource(
            service: "cloudresourcemanager.googleapis.com", type: "cloudresourcemanager.googleapis.com/Project",
            name: "x")
        #expect(request.resourceName == nil)
        #expect(request.resourceType == "cloudresourcemanager.googleapis.com/Project")
    }
}
