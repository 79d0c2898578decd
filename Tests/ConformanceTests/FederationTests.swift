import CredentialSupport
import Foundation
import TestSupport
import Testing

@Suite("A program that an issuer outside vouches for", .needsRoot, .needsGcloud, .serialized)
struct FederationTests {
    /// Runs gcloud as the owner; what fails is said.
    @discardableResult
    private func gcloud(_ words: String..., on server: LandfallServer) async throws -> String {
        let result = try await server.exec(["gcloud"] + words)
        #expect(result.status == 0, "gcloud \(words.joined(separator: " ")): \(result.errors)")
        return result.output
    }

    /// Runs gcloud with the credentials that it was given itself.
    private func own(_ words: String..., on server: LandfallServer) async throws -> Program.Result {
        let own = ["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", "CLOUDSDK_CORE_ACCOUNT"].flatMap { ["-u", $0] }
        return try await server.exec(["env"] + own + ["gcloud"] + words)
    }

    /// A pool of `demo` with a provider that knows the issuer's keys, as its owner makes them; gives the provider's name.
    private func makePool(keys: String, on server: LandfallServer) async throws -> String {
        let pools = ["iam", "workload-identity-pools"]
        let keysFile = try server.file("keys.json", keys)
        func run(_ words: String...) async throws -> String {
            let result = try await server.exec(["gcloud"] + pools + words + ["--location=global"])
            #expect(result.status == 0, "\(words): \(result.errors)")
            return result.output
        }
        _ = try await run("create", "builds", "--display-name=Builds")
        _ = try await run(
            "providers", "create-oidc", "local", "--workload-identity-pool=builds",
            "--issuer-uri=\(FakeIssuer.url)", "--jwk-json-path=\(keysFile)",
            "--attribute-mapping=google.subject=assertion.aud")
        _ = try await run(
            "providers", "update-oidc", "local", "--workload-identity-pool=builds",
            "--attribute-mapping=google.subject=assertion.sub,attribute.owner=assertion.owner",
            "--attribute-condition=assertion.owner == 'acme'")
        let list = try await run("providers", "list", "--workload-identity-pool=builds", "--format=value(name)")
        return list.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("logs in to gcloud with its token, and calls as itself or as a service account, while its pool counts")
    func login() async throws {
        let world = try await FederationWorld()
        let keys = FakeIssuer.keySet([try FakeIssuer.jwk(world.key)])
        try await LandfallServer.with { server in
            let provider = try await makePool(keys: keys, on: server)
            let pool = String(provider.dropLast("/providers/local".count))
            var assertion = world.token(from: Int(Date().timeIntervalSince1970))
            assertion.claims["aud"] = "https://iam.googleapis.com/" + provider
            let token = try server.file("token.jwt", assertion.text())
            try await gcloud("iam", "service-accounts", "create", "robot", on: server)
            let robot = "robot@demo.iam.gserviceaccount.com"
            let member = "principalSet://iam.googleapis.com/\(pool)/attribute.owner/acme"
            try await gcloud(
                "iam", "service-accounts", "add-iam-policy-binding", robot, "--member=\(member)",
                "--role=roles/iam.workloadIdentityUser", on: server)
            for (who, role) in [
                (member, "roles/batch.jobsViewer"), ("serviceAccount:\(robot)", "roles/iam.securityReviewer"),
            ] {
                try await gcloud(
                    "projects", "add-iam-policy-binding", "demo", "--member=\(who)", "--role=\(role)", on: server)
            }
            func credential(_ name: String, _ more: String...) async throws -> String {
                let result = try await server.exec(
                    [
                        "gcloud", "iam", "workload-identity-pools", "create-cred-config", provider,
                        "--credential-source-file=\(token)", "--output-file=\(server.directory)/\(name)",
                    ] + more)
                #expect(result.status == 0, "\(result.errors)")
                return "\(server.directory)/\(name)"
            }

            let itself = try await credential("itself.json")
            let login = try await own("auth", "login", "--cred-file=\(itself)", on: server)
            #expect(login.status == 0, "\(login.errors)")
            #expect(login.errors.contains("principal://iam.googleapis.com/\(pool)/subject/repo:acme/site"))
            let list = try await own("batch", "jobs", "list", "--location=us-central1", on: server)
            #expect(list.status == 0, "\(list.errors)")
            #expect(try await own("projects", "get-iam-policy", "demo", on: server).status == 1)

            let other = try await credential("robot.json", "--service-account=\(robot)")
            #expect(try await own("auth", "login", "--cred-file=\(other)", on: server).status == 0)
            let policy = try await own("projects", "get-iam-policy", "demo", on: server)
            #expect(policy.status == 0, "\(policy.errors)")

            assertion.claims["owner"] = "evil"
            _ = try server.file("token.jwt", assertion.text())
            let rejected = try await own("auth", "login", "--cred-file=\(itself)", on: server)
            #expect(rejected.status == 1)
            #expect(rejected.errors.contains("The given credential is rejected by the attribute condition."))

            try await gcloud(
                "iam", "workload-identity-pools", "delete", "builds", "--location=global", "--quiet", on: server)
            let gone = try await own("auth", "login", "--cred-file=\(itself)", on: server)
            #expect(gone.errors.contains("the pool or provider is disabled or deleted"), "\(gone.errors)")
        }
    }

    @Test("is a person where the pool is an organization's, for as long as the pool says")
    func workforce() async throws {
        let world = try await FederationWorld()
        let keys = FakeIssuer.keySet([try FakeIssuer.jwk(world.key)])
        try await LandfallServer.with { server in
            let organization = try await gcloud("organizations", "list", "--format=value(name.basename())", on: server)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            try await gcloud(
                "organizations", "add-iam-policy-binding", organization, "--member=user:alice@example.com",
                "--role=roles/iam.workforcePoolAdmin", on: server)
            try await gcloud(
                "iam", "workforce-pools", "create", "staff-pool", "--organization=\(organization)", "--location=global",
                "--session-duration=900s", on: server)
            try await gcloud(
                "iam", "workforce-pools", "providers", "create-oidc", "local", "--workforce-pool=staff-pool",
                "--location=global", "--issuer-uri=\(FakeIssuer.url)", "--client-id=client-1",
                "--jwk-json-path=\(server.file("keys.json", keys))", "--attribute-mapping=google.subject=assertion.sub",
                "--web-sso-response-type=id-token", "--web-sso-assertion-claims-behavior=only-id-token-claims",
                on: server)
            let names = try await gcloud(
                "iam", "workforce-pools", "list", "--organization=\(organization)", "--location=global",
                "--format=value(name)", on: server)
            #expect(names.contains("locations/global/workforcePools/staff-pool"))

            var assertion = world.token(from: Int(Date().timeIntervalSince1970))
            assertion.claims["aud"] = "client-1"
            assertion.claims["sub"] = "carol"
            let token = try server.file("token.jwt", assertion.text())
            let member = "principal://iam.googleapis.com/locations/global/workforcePools/staff-pool/subject/carol"
            for role in ["roles/batch.jobsViewer", "roles/serviceusage.serviceUsageConsumer"] {
                try await gcloud(
                    "projects", "add-iam-policy-binding", "demo", "--member=\(member)", "--role=\(role)", on: server)
            }
            try await gcloud(
                "iam", "workforce-pools", "create-cred-config",
                "locations/global/workforcePools/staff-pool/providers/local", "--workforce-pool-user-project=demo",
                "--subject-token-type=urn:ietf:params:oauth:token-type:id_token",
                "--credential-source-file=\(token)", "--output-file=\(server.directory)/carol.json", on: server)
            let login = try await own("auth", "login", "--cred-file=\(server.directory)/carol.json", on: server)
            #expect(login.status == 0, "\(login.errors)")
            #expect(login.errors.contains(member))
            let list = try await own("batch", "jobs", "list", "--location=us-central1", on: server)
            #expect(list.status == 0, "\(list.errors)")

            try await gcloud(
                "iam", "workforce-pools", "subjects", "delete", "carol", "--workforce-pool=staff-pool",
                "--location=global", "--quiet", on: server)
            #expect(try await own("batch", "jobs", "list", "--location=us-central1", on: server).status == 1)
            for verb in ["delete", "undelete"] {
                try await gcloud(
                    "iam", "workforce-pools", verb, "staff-pool", "--location=global", "--quiet", on: server)
            }
        }
    }
}
