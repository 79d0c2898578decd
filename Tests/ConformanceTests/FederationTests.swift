import Access
import CredentialSupport
import Directory
import Foundation
import Store
import TestSupport
import Testing

@Suite("A program that an issuer outside vouches for", .needsRoot, .needsGcloud, .serialized)
struct FederationTests {
    /// A pool of `demo` with a provider that knows the issuer's keys: there is no API for them yet.
    private func makePool(on server: LandfallServer, keys: String) async throws -> IdentityProviderRecord {
        await server.end(with: SIGINT)
        let directory = try Directory(SQLiteStore(path: server.data + "/state/landfall.db"))
        let number = try #require(directory.state.project("demo")?.number)
        let provider = IdentityProviderRecord(
            pool: .workload("ci", project: number), id: "builds", issuer: FakeIssuer.url, keys: keys,
            attributeMapping: ["google.subject": "assertion.sub", "attribute.owner": "assertion.owner"],
            attributeCondition: "assertion.owner == 'acme'", createdAt: Date())
        try await directory.change { draft in
            try draft.put(IdentityPoolRecord(pool: provider.pool, createdAt: Date()))
            try draft.put(provider)
        }
        try await server.start()
        return provider
    }

    /// A credential as Google's tools make it for a program with a token in a file.
    private func credential(
        _ name: String, _ provider: IdentityProviderRecord, token: String, as account: String? = nil,
        on server: LandfallServer
    ) throws -> String {
        var fields: [String: any Sendable] = [
            "type": "external_account", "audience": "//iam.googleapis.com/" + provider.key,
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": "https://sts.googleapis.com/v1/token",
            "token_info_url": "https://sts.googleapis.com/v1/introspect", "credential_source": ["file": token],
        ]
        fields["service_account_impersonation_url"] = account.map {
            "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/\($0):generateAccessToken"
        }
        let data = try JSONSerialization.data(withJSONObject: fields)
        return try server.file(name, String(decoding: data, as: UTF8.self))
    }

    /// Runs gcloud with the credentials that it was given itself.
    private func gcloud(_ words: String..., on server: LandfallServer) async throws -> Program.Result {
        let own = ["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", "CLOUDSDK_CORE_ACCOUNT"].flatMap { ["-u", $0] }
        return try await server.exec(["env"] + own + ["gcloud"] + words)
    }

    @Test("logs in to gcloud with its token, and calls as itself or as a service account")
    func login() async throws {
        let world = try await FederationWorld()
        let keys = FakeIssuer.keySet([try FakeIssuer.jwk(world.key)])
        try await LandfallServer.with { server in
            let provider = try await makePool(on: server, keys: keys)
            var assertion = world.token(from: Int(Date().timeIntervalSince1970))
            assertion.claims["aud"] = "https://iam.googleapis.com/" + provider.key
            let token = try server.file("token.jwt", assertion.text())
            let robot =
                "\(try #require(provider.key.split(separator: "/").dropFirst().first))-compute@developer.gserviceaccount.com"
            let member = "principalSet://iam.googleapis.com/\(provider.pool.path)/attribute.owner/acme"
            for (who, role) in [
                (member, "roles/batch.jobsViewer"), (member, "roles/iam.workloadIdentityUser"),
                ("serviceAccount:\(robot)", "roles/iam.securityReviewer"),
            ] {
                let grant = try await server.exec([
                    "gcloud", "projects", "add-iam-policy-binding", "demo", "--member=\(who)", "--role=\(role)",
                ])
                #expect(grant.status == 0, "\(grant.errors)")
            }

            let file = try credential("itself.json", provider, token: token, on: server)
            let login = try await gcloud("auth", "login", "--cred-file=\(file)", on: server)
            #expect(login.status == 0, "\(login.errors)")
            #expect(
                login.errors.contains("principal://iam.googleapis.com/\(provider.pool.path)/subject/repo:acme/site"))
            let list = try await gcloud("batch", "jobs", "list", "--location=us-central1", on: server)
            #expect(list.status == 0, "\(list.errors)")
            let refused = try await gcloud("projects", "get-iam-policy", "demo", on: server)
            #expect(refused.status == 1)

            let other = try credential("robot.json", provider, token: token, as: robot, on: server)
            #expect(try await gcloud("auth", "login", "--cred-file=\(other)", on: server).status == 0)
            let policy = try await gcloud("projects", "get-iam-policy", "demo", on: server)
            #expect(policy.status == 0, "\(policy.errors)")

            assertion.claims["owner"] = "evil"
            _ = try server.file("token.jwt", assertion.text())
            let evil = try credential("evil.json", provider, token: token, on: server)
            let rejected = try await gcloud("auth", "login", "--cred-file=\(evil)", on: server)
            #expect(rejected.status == 1)
            #expect(rejected.errors.contains("The given credential is rejected by the attribute condition."))
        }
    }
}
