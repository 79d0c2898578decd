import Foundation
import TestSupport
import Testing

@Suite("Credentials that gcloud is given", .needsRoot, .needsGcloud, .serialized)
struct GcloudAuthTests {
    private static let list = ["gcloud", "batch", "jobs", "list", "--location=us-central1", "--project=demo"]

    /// Runs gcloud with these settings and no credential of landfall's.
    private func alone(
        _ settings: [String], _ words: [String], on server: LandfallServer
    ) async throws -> Program.Result {
        try await server.run([LandfallServer.landfall, "exec", "--no-account", "--", "env"] + settings + words)
    }

    @Test("are an access token as it is, which is no identity, or none at all")
    func tokens() async throws {
        try await LandfallServer.with { server in
            let token = try await server.token()
            let setting = ["CLOUDSDK_AUTH_ACCESS_TOKEN=\(token)"]
            let list = try await alone(setting, Self.list, on: server)
            #expect(list.status == 0, "\(list.errors)")
            let printed = try await alone(setting, ["gcloud", "auth", "print-access-token"], on: server)
            #expect(printed.output == token + "\n")
            let identity = try await alone(setting, ["gcloud", "auth", "print-identity-token"], on: server)
            #expect(identity.status == 1)
            #expect(identity.errors.contains("No identity token can be obtained"), "\(identity.errors)")
            let nobody = try await alone(["CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true"], Self.list, on: server)
            #expect(nobody.status == 1 && nobody.errors.contains("UNAUTHENTICATED"), "\(nobody.errors)")
            let docker = try await server.exec(
                ["gcloud", "auth", "docker-helper", "get"], input: "https://us-central1-docker.pkg.dev\n")
            #expect(docker.output.contains("_dcgcloud_token") && docker.output.contains(token), "\(docker.errors)")

            // A login that ends takes its access token along.
            try await server.landfall("logout")
            let ended = try await alone(setting, Self.list, on: server)
            #expect(ended.status == 1 && ended.errors.contains("UNAUTHENTICATED"), "\(ended.errors)")
        }
    }

    @Test("are a key file, and chains of impersonation, which the audit log tells")
    func keysAndChains() async throws {
        try await LandfallServer.with { server in
            let owner = try Stranger(server: server, token: try await server.token())
            let robots = ["begin", "middle", "end"].map { "robot-\($0)@demo.iam.gserviceaccount.com" }
            for robot in robots {
                let id = robot.prefix { $0 != "@" }
                let made = try await owner.post(
                    "/v1/projects/demo/serviceAccounts", #"{"accountId":"\#(id)"}"#, host: "iam.googleapis.com")
                #expect(made.status == 200, "\(made.body)")
            }
            let policy = """
                {"policy":{"bindings":[
                  {"role":"roles/owner","members":["user:alice@example.com"]},
                  {"role":"roles/iam.serviceAccountTokenCreator","members":["user:alice@example.com",
                    "serviceAccount:\(robots[0])","serviceAccount:\(robots[1])"]},
                  {"role":"roles/batch.jobsViewer","members":["serviceAccount:\(robots[0])"]},
                  {"role":"roles/iam.serviceAccountCreator","members":["serviceAccount:\(robots[2])"]}]}}
                """
            let set = try await owner.post(
                "/v1/projects/demo:setIamPolicy", policy, host: "cloudresourcemanager.googleapis.com")
            #expect(set.status == 200, "\(set.body)")

            try await key(of: robots[0], on: server)
            try await chain(robots, on: server)
        }
    }

    private func key(of robot: String, on server: LandfallServer) async throws {
        let file = server.directory + "/key.json"
        let made = try await server.exec([
            "gcloud", "iam", "service-accounts", "keys", "create", file, "--iam-account=\(robot)",
        ])
        #expect(made.status == 0, "\(made.errors)")
        // A token endpoint without TLS on this machine does as well as Google's name for it.
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let address = "http://\(try server.info().address)/token"
        let plain = try server.file("plain.json", text.replacing("https://oauth2.googleapis.com/token", with: address))
        #expect(try String(contentsOfFile: plain, encoding: .utf8).contains(address))
        let activated = try await alone(
            [], ["gcloud", "auth", "activate-service-account", "--key-file=\(plain)"], on: server)
        #expect(activated.status == 0, "\(activated.errors)")
        let identity = try await alone(
            [], ["gcloud", "auth", "print-identity-token", "--audiences=https://service.example.com"], on: server)
        #expect(identity.output.hasPrefix("eyJ"), "\(identity.errors)")
        let selfSigned = try await alone(
            ["CLOUDSDK_AUTH_SERVICE_ACCOUNT_USE_SELF_SIGNED_JWT=true"], Self.list, on: server)
        #expect(selfSigned.status == 0, "\(selfSigned.errors)")
        let override = ["CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE=\(file)"]
        let overridden = try await alone(override, Self.list, on: server)
        #expect(overridden.status == 0, "\(overridden.errors)")
        let login = try await alone([], ["gcloud", "auth", "login", "--cred-file=\(file)"], on: server)
        #expect(login.status == 0 && login.errors.contains(robot), "\(login.errors)")
        let list = try await alone([], Self.list, on: server)
        #expect(list.status == 0, "\(list.errors)")
    }

    /// alice acts in the name of the last account, through the others; what it does names all of them.
    private func chain(_ robots: [String], on server: LandfallServer) async throws {
        let impersonation = "--impersonate-service-account=\(robots.joined(separator: ","))"
        let made = try await server.exec([
            "gcloud", "iam", "service-accounts", "create", "made-by-chain", "--project=demo", impersonation,
        ])
        #expect(made.status == 0, "\(made.errors)")
        let filter =
            "protoPayload.authenticationInfo.serviceAccountDelegationInfo.firstPartyPrincipal.principalEmail"
            + "=\"alice@example.com\""
        let entry: String = try await eventually("the chain is logged") {
            let read = try await server.exec(["gcloud", "logging", "read", filter, "--format=json"])
            guard read.status == 0 else { throw TestFailure(read.errors) }
            return read.output.contains("CreateServiceAccount") ? read.output : nil
        }
        let entries = try #require(try JSONSerialization.jsonObject(with: Data(entry.utf8)) as? [[String: Any]])
        let payload = try #require(entries.first?["protoPayload"] as? [String: Any])
        let authentication = try #require(payload["authenticationInfo"] as? [String: Any])
        #expect(authentication["principalEmail"] as? String == robots[2])
        let delegation = try #require(authentication["serviceAccountDelegationInfo"] as? [[String: Any]])
        #expect(
            delegation.compactMap { $0["principalSubject"] as? String } == [
                "user:alice@example.com", "serviceAccount:\(robots[0])", "serviceAccount:\(robots[1])",
            ])
        let application = try await server.exec([
            "gcloud", "auth", "application-default", "print-access-token",
            "--impersonate-service-account=\(robots[0])",
        ])
        #expect(application.output.hasPrefix("ya29."), "\(application.errors)")
        let identity = try await server.exec([
            "gcloud", "auth", "print-identity-token", impersonation, "--audiences=https://service.example.com",
            "--include-email",
        ])
        #expect(identity.output.hasPrefix("eyJ"), "\(identity.errors)")
    }
}
