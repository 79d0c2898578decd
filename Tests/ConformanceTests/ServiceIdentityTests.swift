import Foundation
import TestSupport
import Testing

@Suite("The service identity of script tasks", .needsRoot, .serialized)
struct ServiceIdentityTests {
    private static let robot = "robot@demo.iam.gserviceaccount.com"
    private static let metadata = "http://metadata.google.internal/computeMetadata/v1"
    private static let asRobot =
        #""allocationPolicy":{"serviceAccount":{"email":"robot@demo.iam.gserviceaccount.com"}}"#
    private static let roomy = #""computeResource":{"cpuMilli":"500","memoryMib":"512"}"#

    /// A shell function that asks the metadata server.
    private static let ask = "meta() { curl -sS -H 'Metadata-Flavor: Google' \"\(metadata)/$1\"; }\n"

    /// Makes the robot, with these roles on the project.
    private func makeRobot(_ server: LandfallServer, roles: String...) async throws {
        try await expectOK(
            server.call(
                "POST", "iam.googleapis.com", "/v1/projects/demo/serviceAccounts", body: #"{"accountId":"robot"}"#))
        try await give(server, roles)
    }

    private func give(_ server: LandfallServer, _ roles: [String]) async throws {
        let path = "/v1/projects/demo"
        let now = try await server.call(
            "POST", "cloudresourcemanager.googleapis.com", "\(path):getIamPolicy", body: "{}")
        var policy = try #require(JSONSerialization.jsonObject(with: Data(now.body.utf8)) as? [String: Any])
        let bindings = policy["bindings"] as? [[String: Any]] ?? []
        policy["bindings"] =
            bindings + roles.map { ["role": $0, "members": ["serviceAccount:\(Self.robot)"]] as [String: Any] }
        let body = try JSONSerialization.data(withJSONObject: ["policy": policy])
        try await expectOK(
            server.call(
                "POST", "cloudresourcemanager.googleapis.com", "\(path):setIamPolicy",
                body: String(decoding: body, as: UTF8.self)))
    }

    private func expectOK(_ answer: LandfallServer.Answer) throws {
        guard answer.status == 200 else { throw TestFailure("\(answer.status): \(answer.body)") }
    }

    private func run(
        _ server: LandfallServer, _ name: String, _ script: String, task: String = TestJob.small,
        group: [String] = []
    ) async throws -> [String] {
        let job = TestJob(script, task: [task], group: group, job: [Self.asRobot])
        let (status, log) = try await server.outcome(name, job)
        guard status.state == "SUCCEEDED" else { throw TestFailure("\(name): \(status.text)\n\(log)") }
        return log
    }

    @Test("is the job's account, whose tokens are allowed what it is allowed and refused the rest")
    func curl() async throws {
        try await LandfallServer.with { server in
            try await makeRobot(server, roles: "roles/batch.jobsViewer")
            let script =
                Self.ask + """
                    meta instance/service-accounts/default/email; echo
                    meta project/project-id; echo
                    token=$(meta instance/service-accounts/default/token | sed 's/.*access_token":"//; s/".*//')
                    call() { curl -sS -o /dev/null -w '%{http_code}\\n' -H "Authorization: Bearer $token" "$@"; }
                    call https://batch.googleapis.com/v1/projects/demo/locations/us-central1/jobs
                    call -X POST -H 'Content-Type: application/json' -d '{}' https://batch.googleapis.com/v1/projects/demo/locations/us-central1/jobs?jobId=x
                    call https://iam.googleapis.com/v1/projects/demo/serviceAccounts
                    curl -s -o /dev/null -w '%{http_code}\\n' \(Self.metadata)/project/project-id
                    curl -sS -o /dev/null -w '%{http_code}\\n' https://storage.googleapis.com/storage/v1/b
                    """
            let expected = [Self.robot, "demo", "200", "403", "403", "403", "404"]
            let root = try await run(server, "root", script)
            #expect(root == expected, "\(root)")
            let person = try await run(server, "person", script, group: [#""runAsNonRoot":true"#])
            #expect(person == expected, "\(person)")
        }
    }

    @Test("is nobody else's: each task has its own, and a job without a named account has the project's default")
    func default_() async throws {
        try await LandfallServer.with { server in
            let (status, log) = try await server.outcome(
                "default", TestJob(Self.ask + "meta instance/service-accounts/default/email; echo", tasks: 3))
            #expect(status.state == "SUCCEEDED")
            #expect(log.count == 3)
            #expect(log.allSatisfy { $0.hasSuffix("-compute@developer.gserviceaccount.com") })
        }
    }

    @Test("ends with the account: a disabled one gives no more tokens")
    func disabled() async throws {
        try await LandfallServer.with { server in
            try await makeRobot(server, roles: "roles/iam.serviceAccountAdmin", "roles/logging.logWriter")
            let script =
                Self.ask + """
                    token=$(meta instance/service-accounts/default/token | sed 's/.*access_token":"//; s/".*//')
                    account=https://iam.googleapis.com/v1/projects/demo/serviceAccounts/\(Self.robot)
                    call() { curl -sS -o /dev/null -w '%{http_code}\\n' -H "Authorization: Bearer $token" "$@"; }
                    call -X POST -H 'Content-Type: application/json' -d '{}' $account:disable
                    call $account
                    meta 'instance/service-accounts/default/token?scopes=x' | grep -c disabled
                    """
            #expect(try await run(server, "disabled", script) == ["200", "401", "1"])
        }
    }

    @Test("is gcloud's, and that of Google's libraries", .needsGcloud)
    func clients() async throws {
        try await LandfallServer.with { server in
            try await makeRobot(server, roles: "roles/browser", "roles/batch.jobsViewer")
            let script = """
                gcloud auth list --format='value(account)' --filter=status:ACTIVE
                gcloud auth print-access-token | cut -c1-5
                gcloud projects describe demo --format='value(projectId)'
                gcloud batch jobs list --location us-central1 --format='value(status.state)' 2>&1 | sort -u
                gcloud iam service-accounts list 2>&1 | grep -o PERMISSION_DENIED | sort -u
                libraries=$(ls -d /usr/lib/google-cloud-sdk/lib/third_party /opt/google-cloud-sdk/lib/third_party \\
                    /usr/share/google-cloud-sdk/lib/third_party 2>/dev/null | head -1)
                PYTHONPATH=$libraries python3 - <<'PYTHON'
                import google.auth, google.auth.transport.requests
                credentials, project = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
                session = google.auth.transport.requests.AuthorizedSession(credentials)
                print(project)
                for service in ["batch.googleapis.com/v1/projects/demo/locations/us-central1/jobs",
                                "iam.googleapis.com/v1/projects/demo/serviceAccounts"]:
                    print(session.get("https://" + service).status_code)
                print(credentials.service_account_email)
                PYTHON
                """
            let log = try await run(server, "clients", script, task: Self.roomy, group: [#""runAsNonRoot":true"#])
            #expect(
                log == [
                    Self.robot, "ya29.", "demo", "RUNNING", "PERMISSION_DENIED", "demo", "200", "403", Self.robot,
                ])
        }
    }
}
