import Methods
import Testing

@testable import CloudRun

@Suite("Label selectors")
struct LabelSelectorTests {
    private let labels = ["a": "1", "run.googleapis.com/job": "report"]

    @Test(
        "select what has the labels that they ask for",
        arguments: [
            ("", true), ("  ", true), ("a=1", true), ("a = 1", true), ("a==1", true), ("a=2", false), ("b=1", false),
            ("a!=2", true), ("a!=1", false), ("b != 1", true), ("a in (1,2)", true), ("a in ( 2 , 3 )", false),
            ("b in (1)", false), ("a notin (1)", false), ("a notin (2)", true), ("b notin (1)", true), ("a", true),
            ("b", false), ("!b", true), ("! a", false), ("a=1,!b", true), ("a=1, b=2", false),
            ("run.googleapis.com/job = report, a in (1,2), !c", true), ("a in(1)", true),
        ])
    func selection(_ text: String, _ isSelected: Bool) throws {
        #expect(try LabelSelector(text).selects(labels) == isSelected)
    }

    @Test(
        "that are none are refused",
        arguments: [
            "a=b=c", ",", "a in (1", "a in 1)", "a in", "=1", "a=\"1\"", "((", "a b", "in (1)",
            String(repeating: "a", count: 5000),
        ])
    func malformed(_ text: String) {
        let error = #expect(throws: ServiceError.self) { try LabelSelector(text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == ["label_selector"])
    }

    @Test("tell the one value that a label must have")
    func value() throws {
        #expect(try LabelSelector("a = 1, b in (2)").value(of: "a") == "1")
        #expect(try LabelSelector("a in (1, 2)").value(of: "a") == nil)
        #expect(try LabelSelector("a != 1").value(of: "a") == nil)
    }
}
