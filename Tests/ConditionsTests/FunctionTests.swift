import Testing

@testable import Conditions

@Suite("A function")
struct FunctionTests {
    @Test(
        "extract gives what stands at a template's name",
        arguments: [
            ("/order_date={date}/", "2019-11-03"), ("buckets/{name}/", "acme-orders-aaa"),
            ("/orders/{empty}order_date", ""),
            ("{start}/data_lake", "projects/_/buckets/acme-orders-aaa"),
            ("orders/{end}", "order_date=2019-11-03/aef87g"),
            ("{all}", "projects/_/buckets/acme-orders-aaa/data_lake/orders/order_date=2019-11-03/aef87g"),
            ("/orders/{none}/order_date=", ""), ("/orders/order_date=2019-11-03/{id}/data_lake", ""),
            ("nothing{x}", ""),
            ("{x}nothing", ""), ("acme-{x}/", "orders-aaa"),
        ])
    func extract(template: String, text: String) throws {
        var request = Attributes(requestTime: nil)
        request.resourceName = "projects/_/buckets/acme-orders-aaa/data_lake/orders/order_date=2019-11-03/aef87g"
        let condition = try Condition("resource.name.extract('\(template)') == '\(text)'")
        #expect(condition.evaluate(for: request) == .met)
    }

    @Test(
        "extract needs one name in braces",
        arguments: ["", "a", "{}", "{a", "a}", "{a}{b}", "}{a}", "{{a}}", "{a}}"])
    func templates(text: String) {
        #expect(ExtractionTemplate(text) == nil)
    }

    @Test("extract and date together read a date from a name")
    func dateOfName() throws {
        var request = Attributes(requestTime: nil)
        request.resourceName = "orders/order_date=2019-11-03/x"
        let condition = try Condition("date(resource.name.extract('order_date={d}/')) > date('2019-11-02')")
        #expect(condition.evaluate(for: request) == .met)
        request.resourceName = "orders/x"
        #expect(condition.evaluate(for: request) == .notEvaluable(.malformed(function: "date", text: "")))
    }

    @Test(
        "of tags looks for the key and the value that the resource has, by name or by id",
        arguments: [
            ("resource.matchTag('987/env', 'prod')", true), ("resource.matchTag('987/env', 'dev')", false),
            ("resource.matchTag('987/env', 'etl')", false), ("resource.matchTag('env', 'prod')", false),
            ("resource.matchTag('987/ENV', 'prod')", false), ("resource.matchTagId('tagKeys/1', 'tagValues/11')", true),
            ("resource.matchTagId('tagKeys/1', 'tagValues/22')", false), ("resource.hasTagKey('987/team')", true),
            ("resource.hasTagKey('987/none')", false), ("resource.hasTagKeyId('tagKeys/2')", true),
            ("resource.hasTagKeyId('987/team')", false),
        ])
    func tags(expression: String, isMet: Bool) throws {
        let outcome: Outcome = isMet ? .met : .notMet
        for vocabulary in [Condition.Vocabulary.all, .tags] {
            let condition = try Condition(expression, vocabulary: vocabulary)
            #expect(condition.evaluate(for: .sample) == outcome)
            #expect(condition.evaluate(for: Attributes(requestTime: nil)) == .notMet)
            var unknown = Attributes.sample
            unknown.tags = nil
            #expect(condition.evaluate(for: unknown) == .notEvaluable(.missingTags))
        }
    }

    @Test(
        "hasOnly allows no role besides those named",
        arguments: [
            ("['roles/batch.jobsEditor', 'roles/run.invoker']", true), ("['roles/run.invoker']", false), ("[]", false),
            ("['roles/run.invoker', 'roles/owner', 'roles/batch.jobsEditor']", true),
        ])
    func hasOnly(list: String, isMet: Bool) throws {
        let expression = "api.getAttribute('\(APIAttribute.modifiedGrantsByRole)', []).hasOnly(\(list))"
        #expect(try Condition.outcome(expression) == (isMet ? .met : .notMet))
        // A method that changes no grants has the default, which is empty.
        #expect(try Condition(expression).evaluate(for: Attributes(requestTime: nil)) == .met)
    }

    @Test("hasOnly cannot be evaluated where the service does not tell which roles are granted")
    func grants() throws {
        let condition = try Condition(
            "api.getAttribute('\(APIAttribute.modifiedGrantsByRole)', []).hasOnly(['roles/viewer'])")
        for (service, roles, outcome) in [
            ("cloudresourcemanager.googleapis.com", ["roles/viewer"], Outcome.met),
            ("run.googleapis.com", ["roles/viewer", "roles/editor"], .notMet), ("iam.googleapis.com", [], .met),
            ("batch.googleapis.com", [], .notEvaluable(.missingAPIAttribute(APIAttribute.modifiedGrantsByRole))),
        ] {
            var request = Attributes(requestTime: nil)
            request.describeGrants(of: roles, service: service)
            #expect(condition.evaluate(for: request) == outcome, "\(service)")
        }
    }

    @Test("api.getAttribute gives its default for what the method does not tell")
    func defaults() throws {
        let expression = "api.getAttribute('storage.googleapis.com/objectListPrefix', 'none')"
        #expect(try Condition.outcome("\(expression) == 'logs/'") == .met)
        #expect(try Condition("\(expression) == 'none'").evaluate(for: Attributes(requestTime: nil)) == .met)
        #expect(try Condition.outcome("api.getAttribute('somekey', [1, 2]).hasOnly([1, 2, 3])") == .met)
    }
}
