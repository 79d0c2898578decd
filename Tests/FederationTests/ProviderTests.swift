import Access
import CredentialSupport
import Federation
import Testing

@Suite("A provider")
struct ProviderTests {
    private static let workload = ProviderName(pool: .workload("pool", project: "123"), id: "provider-1")

    @Test("is named in full")
    func names() {
        let full = "//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/provider-1"
        #expect(ProviderName(fullName: full) == Self.workload)
        #expect(Self.workload.fullName == full)
        let workforce = ProviderName(pool: .workforce("staff"), id: "login")
        #expect(ProviderName(fullName: workforce.fullName) == workforce)
    }

    @Test(
        "is not named otherwise",
        arguments: [
            "", "//", "//iam.googleapis.com/",
            "https://iam.googleapis.com/locations/global/workforcePools/a/providers/b",
            "//iam.googleapis.com/locations/global/workforcePools/a/providers/",
            "//iam.googleapis.com/locations/global/workforcePools/a/providers/b/c",
            "//iam.googleapis.com/locations/global/workforcePools/a/providers/B",
            "//iam.googleapis.com/locations/eu/workforcePools/a/providers/b",
            "//iam.googleapis.com/locations/global/workforcePools/a/subject/b",
            "//iam.googleapis.com/locations/global/workforcePools//providers/b",
            "//iam.googleapis.com/projects/demo/locations/global/workloadIdentityPools/a/providers/b",
            "//iam.evil.com/locations/global/workforcePools/a/providers/b",
        ])
    func wrongNames(text: String) { #expect(ProviderName(fullName: text) == nil) }

    @Test(
        "has an id of 4 to 32 characters that is not Google's",
        arguments: [
            ("abcd", true), ("a-1-", true), (String(repeating: "a", count: 32), true), ("abc", false), ("Abcd", false),
            (String(repeating: "a", count: 33), false), ("ab_d", false), ("gcp-x", false), ("abcé", false),
        ])
    func ids(id: String, isGood: Bool) { #expect(ProviderRules.isID(id) == isGood) }

    @Test(
        "has an id of 6 to 63 characters as a workforce pool",
        arguments: [
            ("staff1", true), ("a-1--b", true), (String(repeating: "a", count: 63), true), ("staff", false),
            (String(repeating: "a", count: 64), false), ("1staff", false), ("-staff", false), ("staff-", false),
            ("gcp-staff", false), ("Staffs", false), ("staff_1", false), ("stäff1", false), ("", false),
        ])
    func workforceIDs(id: String, isGood: Bool) { #expect(ProviderRules.isWorkforceID(id) == isGood) }

    /// A change that makes a good provider a bad one, and the fields that are then wrong.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fields: [String]
        let make: @Sendable (inout IdentityProvider) -> Void

        init(_ name: String, _ fields: [String], _ make: @escaping @Sendable (inout IdentityProvider) -> Void) {
            testDescription = name
            self.fields = fields
            self.make = make
        }
    }

    static let faults: [Fault] = [
        Fault("nothing", []) { _ in },
        Fault("a workforce pool's attributes", []) {
            $0.name.pool = .workforce("staff")
            $0.audiences = ["client"]
            $0.attributeMapping["google.display_name"] = "assertion.name"
        },
        Fault("an issuer in the clear", ["oidc.issuer_uri"]) { $0.issuer = "http://issuer.example.com" },
        Fault("no issuer", ["oidc.issuer_uri"]) { $0.issuer = "" },
        Fault("eleven audiences", ["oidc.allowed_audiences"]) { $0.audiences = Array(repeating: "a", count: 11) },
        Fault("a long audience", ["oidc.allowed_audiences"]) { $0.audiences = [String(repeating: "a", count: 257)] },
        Fault("an empty audience", ["oidc.allowed_audiences"]) { $0.audiences = [""] },
        Fault("no client's id", ["oidc.client_id"]) { $0.name.pool = .workforce("staff") },
        Fault("no key in its keys", ["oidc.jwks_json"]) { $0.keys = #"{"keys": []}"# },
        Fault("no subject", ["attribute_mapping"]) { $0.attributeMapping = ["attribute.a": "assertion.a"] },
        Fault("51 attributes", ["attribute_mapping"]) {
            for number in 0..<51 { $0.attributeMapping["attribute.a\(number)"] = "assertion.a" }
        },
        Fault("a workforce pool's attribute in a workload pool", ["attribute_mapping"]) {
            $0.attributeMapping["google.display_name"] = "assertion.name"
        },
        Fault("attributes that cannot be named so", ["attribute_mapping", "attribute_mapping", "attribute_mapping"]) {
            for key in ["attribute.A", "attribute.", "email"] { $0.attributeMapping[key] = "assertion.a" }
        },
        Fault("a name of 101 bytes", ["attribute_mapping"]) {
            $0.attributeMapping["attribute." + String(repeating: "a", count: 91)] = "assertion.a"
        },
        Fault("a mapping that is no expression", ["attribute_mapping"]) { $0.attributeMapping["attribute.a"] = "a.b" },
        Fault("a mapping over what is mapped", ["attribute_mapping"]) {
            $0.attributeMapping["attribute.a"] = "google.subject"
        },
        Fault("a condition that is no expression", ["attribute_condition"]) { $0.attributeCondition = "a ==" },
        Fault("an empty condition", []) { $0.attributeCondition = "" },
    ]

    @Test("is checked field by field", arguments: faults)
    func rules(fault: Fault) {
        var provider = IdentityProvider(
            name: Self.workload, issuer: "https://issuer.example.com",
            attributeMapping: ["google.subject": "assertion.sub"],
            attributeCondition: "google.subject != 'root'")
        fault.make(&provider)
        #expect(ProviderRules.violations(of: provider).map(\.field) == fault.fields)
    }
}
