import Access
import Logbook
import Logging
import Methods
import Schema
import SwiftProtobuf
import Testing

@testable import Audit

@Suite("The audit trail", .timeLimit(.minutes(10)))
struct AuditTrailTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// The entries that calls leave.
    private func entries(
        _ calls: EndedCall..., directory: FakeDirectory = FakeDirectory(), perMinute: Int = 100
    ) async throws -> [LogEntry] {
        try await entries(of: calls, directory: directory, perMinute: perMinute)
    }

    private func entries(
        of calls: [EndedCall], directory: FakeDirectory = FakeDirectory(), perMinute: Int = 100
    ) async throws -> [LogEntry] {
        let log = MemoryLog()
        let trail = AuditTrail(
            directory: directory, logger: Self.logger, queue: EntryQueue(),
            refusals: RefusalBudget(perMinute: perMinute), pause: .milliseconds(1)
        ) { try log.append($0) }
        for call in calls { await trail.callEnded(call) }
        let run = Task { await trail.run() }
        run.cancel()
        await run.value
        return log.entries
    }

    @Test("tells who acts in the name of a service account, and through whom")
    func delegation() async throws {
        let stranger = Principal.federated(FederatedIdentity(pool: .workforce("staff"), subject: "eve"))
        let robots = ["one", "two"].map { Principal.serviceAccount("\($0)@demo.iam.gserviceaccount.com") }
        var delegated = call(by: robots[1])
        delegated.caller?.delegation = [stranger, alice, robots[0]]
        let authentication = try #require(try await entries(delegated).first).audit().authenticationInfo
        #expect(authentication.principalEmail == robots[1].email)
        let chain = authentication.serviceAccountDelegationInfo
        #expect(chain.map(\.principalSubject) == [stranger.member, alice.member, robots[0].member])
        #expect(chain.map(\.firstPartyPrincipal.principalEmail) == ["", alice.email, robots[0].email])
        #expect(
            try #require(try await entries(call()).first).audit().authenticationInfo.serviceAccountDelegationInfo == [])
    }

    @Test("has an entry for every change, with who did what, where, and by which permission")
    func change() async throws {
        let request = Google_Cloud_Batch_V1_CreateJobRequest.with {
            $0.parent = "projects/123/locations/l"
            $0.jobID = "j"
        }
        let check = allowed("batch.jobs.create", on: location("demo"), named: location("123"))
        let entry = try #require(try await entries(call(checks: [check], request: request)).first)
        #expect(entry.logName == "projects/demo/logs/cloudaudit.googleapis.com%2Factivity")
        #expect(entry.severity == .notice)
        #expect(entry.timestamp.seconds == 1_790_000_000)
        #expect(entry.resource.type == "audited_resource")
        #expect(
            entry.resource.labels == [
                "project_id": "demo", "service": "batch.googleapis.com",
                "method": "google.cloud.batch.v1.BatchService.CreateJob",
            ])
        let audit = try entry.audit()
        #expect(audit.serviceName == "batch.googleapis.com")
        #expect(audit.methodName == "google.cloud.batch.v1.BatchService.CreateJob")
        #expect(audit.resourceName == "projects/demo/locations/l")
        #expect(audit.authenticationInfo.principalEmail == "alice@example.com")
        #expect(audit.authenticationInfo.principalSubject == "user:alice@example.com")
        #expect(audit.requestMetadata.callerIp == "192.0.2.7")
        #expect(audit.requestMetadata.callerSuppliedUserAgent == "curl/8")
        #expect(audit.authorizationInfo.map(\.permission) == ["batch.jobs.create"])
        #expect(audit.authorizationInfo.map(\.granted) == [true])
        #expect(audit.authorizationInfo.map(\.permissionType) == [.adminWrite])
        #expect(audit.request.fields["jobId"]?.stringValue == "j")
        #expect(audit.status == Google_Rpc_Status())
    }

    @Test("has a failed change as an error, with what the caller was told")
    func failure() async throws {
        let error = ServiceError(.alreadyExists, "Resource 'j' already exists")
        let entry = try #require(try await entries(call(error: error)).first)
        #expect(entry.severity == .error)
        #expect(try entry.audit().status.code == 6)
        #expect(try entry.audit().status.message == "Resource 'j' already exists")
    }

    @Test(
        "has reads, and changes of data, only where they are asked for",
        arguments: [
            ("batch.jobs.get", AuditConfig.LogType.adminRead), ("logging.logEntries.list", .dataRead),
            ("logging.logEntries.create", .dataWrite), ("iam.serviceAccounts.getAccessToken", .dataRead),
        ])
    func configured(permission: String, type: AuditConfig.LogType) async throws {
        let call = call(checks: [allowed(Permission(permission), on: .project("demo"))])
        #expect(try await entries(call).isEmpty)
        for other in AuditConfig.LogType.allCases {
            let logged = try await entries(call, directory: FakeDirectory(types: [other]))
            #expect(logged.map(\.logName) == (other == type ? [dataAccess] : []))
            #expect(logged.allSatisfy { $0.severity == .info })
        }
    }

    private let dataAccess = "projects/demo/logs/cloudaudit.googleapis.com%2Fdata_access"

    @Test("has nothing of calls by nobody, without a check, or about what does not exist")
    func unlogged() async throws {
        let elsewhere = denied("batch.jobs.create", on: location("nowhere"))
        #expect(try await entries(call(by: nil), call(checks: []), call(checks: [elsewhere])).isEmpty)
    }

    @Test("has what is done to a workforce pool in the log of its organization")
    func workforcePool() async throws {
        let permission: Permission = "iam.googleapis.com/workforcePools.update"
        let changes = ["staff", "strangers"].map { id in
            call("iam.googleapis.com", "google.x.Update", checks: [allowed(permission, on: .workforcePool(id))])
        }
        let logged = try await entries(changes[0], changes[1])
        #expect(logged.map(\.logName) == ["organizations/7/logs/cloudaudit.googleapis.com%2Factivity"])
        #expect(try logged[0].audit().resourceName == "locations/global/workforcePools/staff")
    }

    @Test("tells each project of a call about several nothing of the others")
    func several() async throws {
        let request = Google_Logging_V2_ListLogEntriesRequest.with {
            $0.resourceNames = ["projects/demo", "projects/other"]
        }
        let list: Permission = "logging.logEntries.list"
        let call = call(
            "logging.googleapis.com", "google.logging.v2.LoggingServiceV2.ListLogEntries",
            checks: [allowed(list, on: .project("demo")), allowed(list, on: .project("other"))], request: request)
        let logged = try await entries(call, directory: FakeDirectory(types: [.dataRead]))
        #expect(logged.map(\.logName) == [dataAccess, dataAccess.replacing("demo", with: "other")])
        for (entry, project) in zip(logged, ["demo", "other"]) {
            let audit = try entry.audit()
            #expect(audit.authorizationInfo.map(\.resource) == ["projects/\(project)"])
            #expect(audit.request.fields.isEmpty)
        }
    }

    @Test("has the attachment of a service account in the log of the account's project")
    func attachment() async throws {
        let account = Resource.serviceAccount(email: "etl@other.iam.gserviceaccount.com", project: "other")
        let logged = try await entries(
            call(
                checks: [
                    allowed("batch.jobs.create", on: location("demo")),
                    denied("iam.serviceAccounts.actAs", on: account),
                ], error: .permissionDenied(Denial(principal: alice, permission: "x", resource: account))))
        #expect(logged.count == 2)
        #expect(try logged[0].audit().authorizationInfo.map(\.granted) == [true, false])
        let entry = try #require(logged.last)
        #expect(entry.logName == "projects/other/logs/cloudaudit.googleapis.com%2Factivity")
        #expect(entry.resource.type == "service_account")
        #expect(try entry.audit().methodName == "iam.serviceAccounts.actAs")
        #expect(try entry.audit().serviceName == "iam.googleapis.com")
        #expect(try entry.audit().status.code == 7)
    }

    @Test("is bounded for those who are refused: a stranger cannot fill it")
    func refusals() async throws {
        let refused = denied("batch.jobs.create", on: location("demo"))
        let flood = (0..<50).map { _ in call(checks: [refused]) }
        #expect(try await entries(of: flood, perMinute: 3).count == 3)
        #expect(try await entries(of: flood + [call(checks: [refused], second: 60)], perMinute: 3).count == 4)
        #expect(try await entries(of: (0..<50).map { _ in call() }, perMinute: 3).count == 50)
    }

    @Test("holds up nobody when its disk is full, counts what it drops, and goes on when there is room")
    func fullDisk() async throws {
        let log = MemoryLog()
        log.isFull = true
        let queue = EntryQueue(entries: 5)
        let trail = AuditTrail(
            directory: FakeDirectory(), logger: Self.logger, queue: queue, refusals: RefusalBudget(),
            pause: .milliseconds(1)
        ) { try log.append($0) }
        let run = Task { await trail.run() }
        await trail.callEnded(call())
        while log.attempts < 2 { try await Task.sleep(for: .milliseconds(2)) }
        for _ in 0..<8 { await trail.callEnded(call()) }
        #expect(log.entries.isEmpty)
        log.isFull = false
        try await log.wait(for: 6)
        run.cancel()
        await run.value
        #expect(log.entries.count == 6)
    }

    @Test(
        "calls methods what people's filters call them",
        arguments: [
            ("google.cloud.resourcemanager.v1.Projects.SetIamPolicy", "SetIamPolicy"),
            (
                "google.cloud.resourcemanager.v3.Projects.CreateProject",
                "google.cloud.resourcemanager.v3.Projects.CreateProject"
            ),
            ("google.iam.admin.v1.IAM.CreateServiceAccountKey", "google.iam.admin.v1.CreateServiceAccountKey"),
            ("google.iam.credentials.v1.IAMCredentials.GenerateAccessToken", "GenerateAccessToken"),
        ])
    func methodNames(method: String, expected: String) {
        #expect(MethodName.audited(method) == expected)
    }

    @Test(
        "knows what sort of call a permission is for",
        arguments: [
            ("batch.jobs.list", AuditCategory.adminRead), ("batch.jobs.delete", .adminWrite),
            ("resourcemanager.projects.setIamPolicy", .adminWrite), ("iam.serviceAccountKeys.create", .adminWrite),
            ("iam.serviceAccounts.signBlob", .dataRead), ("resourcemanager.projects.getIamPolicy", .adminRead),
            ("artifactregistry.repositories.uploadArtifacts", .dataWrite), ("logging.logs.delete", .adminWrite),
        ])
    func categories(permission: String, category: AuditCategory) {
        #expect(AuditCategory(Permission(permission)) == category)
    }
}
