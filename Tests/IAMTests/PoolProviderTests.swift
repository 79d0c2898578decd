import Directory
import DirectorySupport
import Federation
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

@Suite("A provider of a pool")
struct PoolProviderTests {
    @Test("is made, changed field by field, deleted and taken up again")
    func workload() async throws {
        let fixture = try await Fixture()
        try await fixture.createPool()
        let made = try await fixture.createProvider {
            $0.displayName = "GitHub"
            $0.attributeCondition = "assertion.owner == 'acme'"
            $0.oidc.allowedAudiences = ["landfall"]
        }
        #expect(made.name == Fixture.poolName + "/providers/github")
        #expect(made.oidc.issuerUri == "https://issuer.example.com" && made.state == .active)

        let changed = try await fixture.updateProvider(["attribute_mapping", "oidc.allowed_audiences"]) {
            $0.attributeMapping = ["google.subject": "assertion.sub", "attribute.owner": "assertion.owner"]
        }
        #expect(changed.attributeMapping.count == 2 && changed.oidc.allowedAudiences.isEmpty)
        #expect(changed.oidc.issuerUri == made.oidc.issuerUri && changed.displayName == "GitHub")
        let whole = try await fixture.updateProvider(["oidc", "attribute_condition", "disabled"]) {
            $0.oidc.issuerUri = "http://127.0.0.1:8080"
            $0.disabled = true
        }
        #expect(whole.attributeCondition.isEmpty && whole.disabled)
        #expect(whole.oidc.issuerUri == "http://127.0.0.1:8080")

        let name = Google_Iam_V1_DeleteWorkloadIdentityPoolProviderRequest.with { $0.name = made.name }
        let gone: Operation = try await fixture.call("\(Fixture.pools).DeleteWorkloadIdentityPoolProvider", name)
        #expect(try WorkloadProvider(unpackingAny: gone.response).state == .deleted)
        #expect(await refusal { try await fixture.createProvider() }?.code == .alreadyExists)
        func list(withDeleted: Bool) async throws -> [WorkloadProvider] {
            try await fixture.call(
                "\(Fixture.pools).ListWorkloadIdentityPoolProviders",
                Google_Iam_V1_ListWorkloadIdentityPoolProvidersRequest.with {
                    $0.parent = Fixture.poolName
                    $0.showDeleted = withDeleted
                }, giving: Google_Iam_V1_ListWorkloadIdentityPoolProvidersResponse.self
            ).workloadIdentityPoolProviders
        }
        #expect(try await list(withDeleted: false).isEmpty)
        #expect(try await list(withDeleted: true).map(\.name) == [made.name])
        let back: Operation = try await fixture.call(
            "\(Fixture.pools).UndeleteWorkloadIdentityPoolProvider",
            Google_Iam_V1_UndeleteWorkloadIdentityPoolProviderRequest.with { $0.name = made.name })
        #expect(try WorkloadProvider(unpackingAny: back.response) == whole)
        #expect(try await list(withDeleted: false) == [whole])
    }

    @Test("is one of two hundred in its pool at most")
    func limit() async throws {
        let fixture = try await Fixture()
        try await fixture.createPool()
        for number in 0..<IdentityProviderRecord.most { try await fixture.createProvider("provider-\(number)") }
        let refused = await refusal { try await fixture.createProvider("one-more") }
        #expect(refused?.code == .resourceExhausted)
        #expect(refused?.message.hasPrefix("A pool can have 200 providers") == true)
    }

    static let faults: [(String, @Sendable (inout WorkloadProvider) -> Void)] = [
        ("display_name", { $0.displayName = String(repeating: "x", count: 33) }),
        ("description", { $0.description_p = String(repeating: "x", count: 257) }),
        ("aws", { $0.aws.accountID = "123456789012" }), ("saml", { $0.saml.idpMetadataXml = "<x/>" }),
        ("oidc.issuer_uri", { $0.oidc.issuerUri = "http://issuer.example.com" }),
        ("oidc.issuer_uri", { $0.oidc.issuerUri = "https://" }), ("oidc.issuer_uri", { $0.providerConfig = nil }),
        ("oidc.allowed_audiences", { $0.oidc.allowedAudiences = Array(repeating: "a", count: 11) }),
        ("oidc.jwks_json", { $0.oidc.jwksJson = "{}" }),
        ("oidc.jwks_json", { $0.oidc.jwksJson = String(repeating: " ", count: 65_537) }),
        ("attribute_mapping", { $0.attributeMapping = [:] }),
        ("attribute_mapping", { $0.attributeMapping["google.display_name"] = "assertion.name" }),
        ("attribute_mapping", { $0.attributeMapping["google.subject"] = "assertion." }),
        (
            "attribute_mapping",
            { $0.attributeMapping["google.subject"] = "assertion.a" + String(repeating: " ", count: 2048) }
        ),
        ("attribute_condition", { $0.attributeCondition = "assertion.sub ==" }),
        ("attribute_condition", { $0.attributeCondition = "true" + String(repeating: " ", count: 4093) }),
        ("attribute_condition", { $0.attributeCondition = String(repeating: "(", count: 1000) }),
    ]

    @Test("is refused with a field that is wrong, when it is made and when it is changed", arguments: faults.indices)
    func fields(index: Int) async throws {
        let (field, change) = Self.faults[index]
        let fixture = try await Fixture()
        try await fixture.createPool()
        let refused = await refusal { try await fixture.createProvider("github", change) }
        #expect(refused?.code == .invalidArgument)
        #expect(refused?.violations == ["workload_identity_pool_provider.\(field)"], "\(refused?.message ?? "")")
        #expect(fixture.directory.state.identityProviders.count == 0)

        let made = try await fixture.createProvider()
        let mask = ["display_name", "description", "oidc", "attribute_mapping", "attribute_condition"]
        let unchanged = await refusal {
            _ = try await fixture.updateProvider(mask) {
                $0 = made
                change(&$0)
            }
        }
        #expect(unchanged?.violations == ["workload_identity_pool_provider.\(field)"])
        #expect(fixture.directory.state.identityProviders.all.map(\.about) == [""])
    }

    @Test(
        "is changed by fields that can be changed",
        arguments: [[], ["name"], ["oidc.client_id"], ["oidc."], ["oidc.issuer"], ["aws"], ["attribute_mappings"]])
    func masks(mask: [String]) async throws {
        let fixture = try await Fixture()
        try await fixture.createPool()
        try await fixture.createProvider()
        #expect(await refusal { _ = try await fixture.updateProvider(mask) { _ in } }?.violations == ["update_mask"])
    }

    @Test(
        "has an id of 4 to 32 characters that is not Google's",
        arguments: ["abc", "", "GitHub", "gcp-github", String(repeating: "a", count: 33), "a/b/c"])
    func ids(id: String) async throws {
        let fixture = try await Fixture()
        try await fixture.createPool()
        #expect(
            await refusal { try await fixture.createProvider(id) }?.violations
                == ["workload_identity_pool_provider_id"])
    }

    @Test("of a workforce pool tells of signing in by a browser, and keeps no secret")
    func workforce() async throws {
        let fixture = try await Fixture()
        try await fixture.makeAdministrator()
        try await fixture.createStaff()
        let made = try await fixture.createLogin {
            $0.oidc.clientSecret.value.plainText = "hush hush"
            $0.oidc.webSsoConfig.responseType = .code
            $0.oidc.webSsoConfig.assertionClaimsBehavior = .onlyIDTokenClaims
            $0.oidc.webSsoConfig.additionalScopes = ["groups"]
            $0.attributeMapping["google.display_name"] = "assertion.name"
        }
        #expect(made.oidc.clientID == "client" && made.oidc.webSsoConfig.additionalScopes == ["groups"])
        #expect(made.oidc.clientSecret.value.plainText.isEmpty)
        #expect(made.oidc.clientSecret.value.thumbprint.count == 44)
        for record in fixture.records.records() {
            #expect(!String(decoding: record.value, as: UTF8.self).contains("hush"))
        }
        let changed = try await fixture.updateLogin([
            "oidc.web_sso_config.response_type", "oidc.client_secret", "oidc.client_id",
        ]) {
            $0.oidc.webSsoConfig.responseType = .idToken
            $0.oidc.clientID = "other"
        }
        #expect(changed.oidc.webSsoConfig.responseType == .idToken && changed.oidc.clientID == "other")
        #expect(changed.oidc.webSsoConfig.additionalScopes == ["groups"] && !changed.oidc.hasClientSecret)
    }

    static let workforceFaults: [(String, @Sendable (inout WorkforceProvider) -> Void)] = [
        ("saml", { $0.saml.idpMetadataXml = "<x/>" }), ("detailed_audit_logging", { $0.detailedAuditLogging = true }),
        ("oidc.client_id", { $0.oidc.clientID = "" }),
        ("oidc.client_secret", { $0.oidc.clientSecret.value.plainText = String(repeating: "x", count: 257) }),
        (
            "oidc.web_sso_config.response_type",
            { $0.oidc.webSsoConfig.assertionClaimsBehavior = .onlyIDTokenClaims }
        ),
        ("oidc.web_sso_config.assertion_claims_behavior", { $0.oidc.webSsoConfig.responseType = .code }),
        (
            "oidc.web_sso_config.additional_scopes",
            {
                $0.oidc.webSsoConfig.responseType = .code
                $0.oidc.webSsoConfig.assertionClaimsBehavior = .onlyIDTokenClaims
                $0.oidc.webSsoConfig.additionalScopes = Array(repeating: "x", count: 11)
            }
        ),
    ]

    @Test("of a workforce pool is refused with a field that is wrong", arguments: workforceFaults.indices)
    func workforceFields(index: Int) async throws {
        let (field, change) = Self.workforceFaults[index]
        let fixture = try await Fixture()
        try await fixture.makeAdministrator()
        try await fixture.createStaff()
        let refused = await refusal { try await fixture.createLogin(change) }
        #expect(refused?.violations == ["workforce_pool_provider.\(field)"], "\(refused?.message ?? "")")
    }
}
