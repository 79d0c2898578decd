@testable import Conditions

extension FuzzedParser {
    /// Conditions of policies. One that compiles reads as the same tree when it is written out, has an outcome for any
    /// request, and the same one in its explanation; its check finds no error. One that does not compile names a place
    /// in it.
    static let condition = FuzzedParser("condition") { input in
        let text = input.text
        let condition: Condition
        do throws(ConditionError) {
            condition = try Condition(text)
        } catch {
            let length = text.unicodeScalars.count
            return try expect(error.location.offset <= length, "the place \(error.location.offset) is beyond \(length)")
        }
        let findings = Condition.lint(text, service: "run.googleapis.com", now: Timestamp(seconds: 1_790_000_000))
        try expect(!findings.contains { $0.severity == .error }, "it compiles, and its check says \(findings)")
        let tree = try Parser.parse(text)
        let written = tree.description
        // Written out, invisible characters take more room.
        if written.unicodeScalars.count <= Condition.maximumLength {
            guard let again = try? Parser.parse(written) else {
                throw Violation(description: "\(written) does not read")
            }
            try expect(again == tree, "\(written) reads as \(again)")
        }
        for request in requests {
            let explanation = condition.explain(for: request)
            let outcome = condition.evaluate(for: request)
            try expect(explanation.outcome == outcome, "explained as \(explanation.outcome), and it is \(outcome)")
            _ = explanation.description
        }
    }

    private static let requests: [Attributes] = {
        var known = Attributes(requestTime: Timestamp(seconds: 1_790_000_000, nanoseconds: 5))
        known.describeResource(
            service: "secretmanager.googleapis.com", type: "secretmanager.googleapis.com/Secret",
            name: "projects/123/secrets/cafe\u{301}")
        known.tags = [Tag(key: "1/env", value: "prod", keyID: "tagKeys/1", valueID: "tagValues/2")]
        known.destinationPort = 22
        known.describeGrants(of: ["roles/viewer"], service: "run.googleapis.com")
        var unknown = Attributes(requestTime: nil)
        unknown.tags = nil
        unknown.describeGrants(of: [], service: "batch.googleapis.com")
        return [known, unknown]
    }()
}
