import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Testing

@testable import CloudRun

@Suite("A Cloud Run job that runs as a service account of another project")
struct ForeignAccountTests {
    private static let robot = "robot@other.iam.gserviceaccount.com"
    private static let account = Resource.serviceAccount(email: robot, project: "other")

    /// What lets it, one by one.
    private func world(actAs: Bool, tokens: Bool, lifted: Bool) async throws -> World {
        let world = try await World(alice: ["roles/run.admin"])
        let other = try await world.directory.addProject("other", number: "210987654321")
        try await world.directory.change { draft in
            try draft.put(
                ServiceAccountRecord(
                    email: Self.robot, uniqueID: draft.newUniqueID(), project: other.id, createdAt: Date()))
            if lifted {
                let policy = OrganizationPolicy(
                    .disableCrossProjectServiceAccountUsage, rules: [.init(.enforce(false))])
                try draft.put(OrganizationPolicyRecord(policy, on: .project("other"), updatedAt: Date()))
            }
        }
        if actAs {
            try await world.directory.grant(
                "roles/iam.serviceAccountUser", to: "user:alice@example.com", on: Self.account)
        }
        if tokens {
            try await world.directory.grant(
                "roles/iam.serviceAccountTokenCreator", to: "serviceAccount:\(World.agent)", on: Self.account)
        }
        return world
    }

    private static let job = World.job("\"serviceAccount\":\"\(robot)\",")

    @Test(
        "takes all of three conditions, and each that is missing has its own error",
        arguments: [false, true].flatMap { a in [false, true].flatMap { b in [false, true].map { (a, b, $0) } } })
    func conditions(_ actAs: Bool, _ tokens: Bool, _ lifted: Bool) async throws {
        let world = try await world(actAs: actAs, tokens: tokens, lifted: lifted)
        guard !actAs || !tokens || !lifted else {
            try await world.create(Self.job)
            #expect(try await world.job().template.template.serviceAccount == Self.robot)
            return
        }
        let error = try #require(
            await #expect(throws: ServiceError.self) { try await world.create(Self.job) })
        #expect(error.code == .permissionDenied)
        let refusal =
            "Permission 'iam.serviceaccounts.actAs' denied on service account \(Self.robot) (or it may not exist)."
        if !actAs {
            #expect(error.message == refusal)
        } else if !lifted {
            #expect(
                error.message.hasPrefix(
                    refusal + " The constraint constraints/iam.disableCrossProjectServiceAccountUsage is enforced on"))
        } else {
            #expect(
                error.message.contains(World.agent) && error.message.contains("roles/iam.serviceAccountTokenCreator"))
        }
        await #expect(throws: ServiceError.self) { try await world.job() }
    }

    @Test("takes them at every change of the job, and none to execute it")
    func later() async throws {
        let world = try await world(actAs: true, tokens: true, lifted: true)
        try await world.create(Self.job)
        try await world.directory.setBindings([], of: Self.account)
        await #expect(throws: ServiceError.self) { try await world.update(Self.job) }
        _ = try await world.run()
    }

    @Test("is refused alike for an account that is disabled, one that is not there, and one that is out of reach")
    func existence() async throws {
        let world = try await world(actAs: false, tokens: true, lifted: true)
        func refusal(_ email: String) async throws -> String {
            let error = try #require(
                await #expect(throws: ServiceError.self) {
                    try await world.create(World.job("\"serviceAccount\":\"\(email)\","))
                })
            return "\(error.code) \(error.message)".replacing(email, with: "X")
        }
        let outOfReach = try await refusal(Self.robot)
        #expect(try await refusal("nobody@other.iam.gserviceaccount.com") == outOfReach)
        #expect(try await refusal("nobody@demo.iam.gserviceaccount.com") == outOfReach)
        try await world.directory.grant("roles/iam.serviceAccountUser", to: "user:alice@example.com", on: Self.account)
        try await world.directory.change { draft in
            guard var account = draft.state.serviceAccount(Self.robot) else { return }
            account.isDisabled = true
            try draft.put(account)
        }
        #expect(try await refusal(Self.robot) == outOfReach)
    }
}
