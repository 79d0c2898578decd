import Access
import FoundationEssentials

// What a project gets with the services that it enables: accounts for its jobs, and accounts of the services' own.

extension DirectoryDraft {
    /// Enables services in a project, and makes the accounts that come with them.
    ///
    /// An account that exists stays as it is, with what it was granted and what was taken from it. One that was deleted
    /// stays deleted.
    public mutating func enable(_ names: Set<String>, in project: ProjectRecord, at now: Date) throws {
        var services = state.services[project.id] ?? EnabledServices(project: project.id)
        services.names.formUnion(names)
        try put(services)
        for name in names.sorted() {
            if Self.servicesWithDefaultAccount.contains(name) { try makeDefaultAccount(of: project, at: now) }
            if let agent = ServiceAgent.all.first(where: { $0.service == name }) {
                try make(agent, in: project, at: now)
            }
        }
    }

    /// Disables services in a project; what they brought stays.
    public mutating func disable(_ names: Set<String>, inProject id: String) throws {
        guard var services = state.services[id] else { return }
        services.names.subtract(names)
        try put(services)
    }

    /// Those whose jobs run as the project's default service account.
    private static let servicesWithDefaultAccount: Set = [
        "batch.googleapis.com", "compute.googleapis.com", "run.googleapis.com",
    ]

    private mutating func makeDefaultAccount(of project: ProjectRecord, at now: Date) throws {
        guard !hasEverExisted(project.defaultServiceAccount) else { return }
        let account = ServiceAccountRecord(
            email: project.defaultServiceAccount, uniqueID: newUniqueID(), project: project.id, origin: .default,
            displayName: "Compute Engine default service account", createdAt: now)
        try put(account)
        let grantsNothing = state.access.isEnforced(
            .automaticIamGrantsForDefaultServiceAccounts, on: project.resource)
        if !grantsNothing { try grant("roles/editor", to: account, on: project.resource) }
    }

    private func hasEverExisted(_ email: String) -> Bool {
        state.serviceAccount(email) != nil || state.serviceAccounts.all.contains { $0.email == email }
    }

    private mutating func make(_ agent: ServiceAgent, in project: ProjectRecord, at now: Date) throws {
        let email = agent.email(inProject: project.number)
        guard state.serviceAccount(email) == nil else { return }
        let account = ServiceAccountRecord(
            email: email, uniqueID: newUniqueID(), project: project.id, origin: .serviceAgent,
            displayName: agent.title, createdAt: now)
        try put(account)
        try grant(agent.role, to: account, on: project.resource)
    }

    private mutating func grant(_ role: String, to account: ServiceAccountRecord, on resource: Resource) throws {
        var policy = state.policy(of: resource)
        policy.add(Member.serviceAccount(account.email), to: role)
        try setPolicy(policy, of: resource)
    }

    /// 21 digits that no account has or had.
    public func newUniqueID() -> String {
        while true {
            let id = "1" + (0..<20).map { _ in String(Int.random(in: 0...9)) }.joined()
            if state.serviceAccounts[id] == nil { return id }
        }
    }
}

/// The account by which a service does its part in a project.
public struct ServiceAgent: Sendable {
    /// `run.googleapis.com`
    public let service: String
    /// The domain of its address.
    let domain: String
    /// What it is granted on the project.
    public let role: String
    /// For people.
    public let title: String

    /// Those of the services that run jobs.
    public static let all = [
        ServiceAgent(
            service: "batch.googleapis.com", domain: "gcp-sa-cloudbatch.iam.gserviceaccount.com",
            role: "roles/batch.serviceAgent", title: "Google Cloud Batch Service Agent"),
        run,
    ]

    /// Cloud Run's, in whose name images are pulled and tokens of jobs' accounts are given out.
    public static let run = ServiceAgent(
        service: "run.googleapis.com", domain: "serverless-robot-prod.iam.gserviceaccount.com",
        role: "roles/run.serviceAgent", title: "Google Cloud Run Service Agent")

    /// Its address in the project of a number.
    public func email(inProject number: String) -> String { "service-\(number)@\(domain)" }
}
