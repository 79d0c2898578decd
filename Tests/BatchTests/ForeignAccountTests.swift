import Access
import Directory
import DirectorySupport
import Foundation
import JobSupport
import Methods
import Schema
import Testing
import Workload

@testable import Batch

@Suite("A job of one project that runs as a service account of another")
struct ForeignAccountTests {
    private static let constraint = "iam.disableCrossProjectServiceAccountUsage"
    private static let robot = "robot@other.iam.gserviceaccount.com"

    private let jobs = MemoryJobs()

    /// alice may create jobs in `demo`; the robot belongs to `other`, of which she is nothing.
    private func installed() async throws -> Directory {
        let directory = try await Directory.ofExample()
        try await directory.addProject("demo", number: "123456789012")
        let other = try await directory.addProject("other", number: "210987654321")
        try await directory.grant("roles/batch.jobsEditor", to: "user:alice@example.com")
        try await directory.change { draft in
            try draft.put(
                ServiceAccountRecord(
                    email: Self.robot, uniqueID: draft.newUniqueID(), project: other.id, createdAt: Date()))
        }
        return directory
    }

    private func letAliceAct(in directory: Directory) async throws {
        try await directory.grant(
            "roles/iam.serviceAccountUser", to: "user:alice@example.com",
            on: .serviceAccount(email: Self.robot, project: "other"))
    }

    private func lift(in directory: Directory, on container: Resource = .project("other")) async throws {
        try await directory.change { draft in
            let policy = OrganizationPolicy(
                .disableCrossProjectServiceAccountUsage, rules: [.init(.enforce(false))])
            try draft.put(OrganizationPolicyRecord(policy, on: container, updatedAt: Date()))
        }
    }

    @discardableResult
    private func create(_ directory: Directory, as email: String = robot) async throws -> Wire.Job {
        let world = World(jobs: jobs, directory: directory)
        return try await world.create(
            World.hello.replacing(
                "{\"taskGroups\"",
                with: "{\"allocationPolicy\":{\"serviceAccount\":{\"email\":\"\(email)\"}},\"taskGroups\""))
    }

    private func refusal(_ directory: Directory, as email: String = robot) async throws -> ServiceError {
        let error = await #expect(throws: ServiceError.self) { try await create(directory, as: email) }
        #expect(await jobs.records.isEmpty)
        return try #require(error)
    }

    @Test("runs once its submitter may act as the account and the account's project lets its accounts go elsewhere")
    func allowed() async throws {
        let directory = try await installed()
        try await letAliceAct(in: directory)
        try await lift(in: directory)
        let job = try await create(directory, as: "Robot@other.iam.gserviceaccount.com")
        #expect(job.allocationPolicy.serviceAccount.email == Self.robot)
        #expect(await jobs.records.count == 1)
    }

    @Test("is lifted above the account's project too, and not by lifting it where the job is")
    func whereLifted() async throws {
        let directory = try await installed()
        try await letAliceAct(in: directory)
        try await lift(in: directory, on: .project("demo"))
        _ = try await refusal(directory)
        try await lift(in: directory, on: .organization("987654321098"))
        try await create(directory)
    }

    @Test(
        "is refused in the words for an account that its submitter may not use, with the constraint and what lifts it")
    func constraint() async throws {
        let directory = try await installed()
        try await letAliceAct(in: directory)
        let error = try await refusal(directory)
        #expect(error.code == .permissionDenied)
        #expect(
            error.message == "caller does not have access to act as the specified service account: \"\(Self.robot)\"")
        let advice = error.details.compactMap { $0 as? Google_Rpc_LocalizedMessage }.first
        #expect(
            advice?.message
                == "The constraint constraints/\(Self.constraint), which is enforced on projects/other, forbids it. "
                + "'gcloud resource-manager org-policies disable-enforce \(Self.constraint) --project=other' "
                + "lifts it there.")
    }

    @Test("takes actAs on the account itself: the same on the job's project is nothing")
    func actAs() async throws {
        let directory = try await installed()
        try await lift(in: directory)
        try await directory.grant("roles/iam.serviceAccountUser", to: "user:alice@example.com")
        let error = try await refusal(directory)
        #expect(error.code == .permissionDenied)
    }

    @Test("is refused alike for an account that is not there")
    func existence() async throws {
        let directory = try await installed()
        try await directory.grant("roles/iam.serviceAccountUser", to: "user:alice@example.com")
        let real = try await refusal(directory)
        let missing = try await refusal(directory, as: "nobody@other.iam.gserviceaccount.com")
        let nowhere = try await refusal(directory, as: "robot@nowhere.iam.gserviceaccount.com")
        let texts = [real, missing, nowhere].map { error -> String in
            let metadata = (error.info?.metadata ?? [:]).sorted { $0.key < $1.key }
            let advice = error.details.compactMap { ($0 as? Google_Rpc_LocalizedMessage)?.message }
            return "\(error.code) \(error.message) \(metadata) \(advice)"
                .replacing("nobody@", with: "robot@").replacing("nowhere", with: "other")
        }
        #expect(Set(texts).count == 1, "\(texts)")
    }

    @Test("does not run as an account that is disabled, nor as one of Google's services")
    func unusable() async throws {
        let directory = try await installed()
        try await letAliceAct(in: directory)
        try await lift(in: directory)
        try await directory.change { draft in
            guard var account = draft.state.serviceAccount(Self.robot) else { return }
            account.isDisabled = true
            try draft.put(account)
            guard let demo = draft.state.project("demo") else { return }
            try draft.enable(["batch.googleapis.com"], in: demo, at: Date())
        }
        #expect(try await refusal(directory).code == .failedPrecondition)
        try await directory.grant("roles/iam.serviceAccountUser", to: "user:alice@example.com")
        let agent = "service-123456789012@gcp-sa-cloudbatch.iam.gserviceaccount.com"
        #expect(try await refusal(directory, as: agent).message == "There is no service account '\(agent)'.")
    }
}
