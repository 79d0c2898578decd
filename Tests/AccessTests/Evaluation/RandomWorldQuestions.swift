import FoundationEssentials

@testable import Access

// What there is in a random world, and what is asked about it.

extension RandomWorld {
    var customRoles: [CustomRole.Name] {
        [
            CustomRole.Name(.project("project-0"), "aaa"), CustomRole.Name(.project("project-1"), "bbb"),
            CustomRole.Name(.organization("1"), "ccc"),
        ]
    }

    var containers: [Resource] {
        naive.organizations.map { .organization($0.number) } + naive.folders.map { .folder($0.number) }
            + naive.projects.map { .project($0.id) }
    }

    /// What policies can be bound to.
    var holders: [Resource] {
        containers + naive.accounts.map(\.resource)
            + naive.projects.flatMap { project in
                [
                    .job("etl", location: "here", project: project.id), .secret("key", project: project.id),
                    .repository("images", location: "here", project: project.id),
                ] as [Resource]
            }
    }

    var members: [Member] {
        Self.users.map(Member.user) + naive.accounts.map { .serviceAccount($0.email) }
            + Self.groupAddresses.map(Member.group)
            + [
                .domain("example.com"), .allUsers, .allAuthenticatedUsers,
                .accounts(.serviceAccount, in: "projects/100"),
                .accounts(.serviceAgent, in: "organizations/1"), .accounts(.serviceAccount, in: "folders/11"),
                .deleted(Tombstone(.user, email: Self.users[0], uid: "1")),
            ]
            + Self.pools.flatMap { pool in
                [
                    .subject("s0", pool), .identities(.all, pool), .identities(.group("dev"), pool),
                    .identities(.attribute("repository", "acme"), pool),
                ] as [Member]
            }
    }

    mutating func randomPolicy() -> Policy? {
        guard !random.once(in: 6) else { return nil }
        return Policy(bindings: (0..<Int.random(in: 1...4, using: &random)).map { _ in randomBinding() })
    }

    mutating func randomBinding() -> Binding {
        Binding(
            role: random.pick(Self.predefined + customRoles.map(\.text)),
            members: random.some(of: members, atMost: 3).map(\.text),
            condition: random.once(in: 3) ? condition(of: Self.meanings) : nil)
    }

    mutating func condition(of meanings: [String: NaiveEvaluator.Meaning]) -> PolicyCondition {
        PolicyCondition(random.pick(meanings.keys.sorted()), title: "t")
    }

    mutating func denyRule() -> DenyRule {
        let principals =
            members.filter {
                switch $0 {
                case .domain, .allAuthenticatedUsers: false
                default: true
                }
            } + [.customer("C0001")]
        let patterns =
            Self.permissions.filter { $0 != "nobody.knows.this" }.map { permission in
                let parts = permission.split(separator: ".")
                let host = parts[0] == "resourcemanager" ? "cloudresourcemanager" : String(parts[0])
                return "\(host).googleapis.com/\(parts[1]).\(parts[2])"
            } + ["run.googleapis.com/*.*", "iam.googleapis.com/*.get", "batch.googleapis.com/jobs.*"]
        return DenyRule(
            deniedPrincipals: random.some(of: principals, atMost: 2).map(\.identifier),
            exceptionPrincipals: random.once(in: 2) ? [] : random.some(of: principals, atMost: 1).map(\.identifier),
            deniedPermissions: random.some(of: patterns, atMost: 3),
            exceptionPermissions: random.once(in: 2) ? [] : [random.pick(patterns)],
            condition: random.once(in: 3) ? condition(of: Self.denialMeanings) : nil)
    }

    // MARK: What is asked

    struct Question: CustomStringConvertible {
        var principal: Principal
        var permission: String
        var resource: Resource
        var context: RequestContext

        var description: String { "\(principal) \(permission) on \(resource) \(context)" }
    }

    mutating func question() -> Question {
        Question(
            principal: principal(), permission: random.pick(Self.permissions), resource: asked(),
            context: RequestContext(
                time: Self.noon + (random.once(in: 2) ? 0 : 1_000_000),
                attachingIn: random.once(in: 2) ? random.pick(Self.projectIDs) : nil))
    }

    mutating func principal() -> Principal {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .unauthenticated
        case 1, 2:
            .federated(
                FederatedIdentity(
                    pool: random.pick(Self.pools), subject: random.pick(["s0", "s1"]),
                    groups: random.once(in: 2) ? ["dev"] : [],
                    attributes: random.once(in: 2) ? ["repository": random.pick(["acme", "other"])] : [:]))
        case 3, 4:
            .serviceAccount(
                random.pick(naive.accounts.map(\.email) + ["sa9@gone.iam.gserviceaccount.com"]),
                uniqueID: random.once(in: 3) ? random.pick(naive.accounts.map(\.uniqueID)) : nil)
        default: .user(random.pick(Self.users + ["stranger@example.com"]))
        }
    }

    mutating func asked() -> Resource {
        let project = random.pick(Self.projectIDs + ["100", "103", "gone"])
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            return .other(service: "batch.googleapis.com", path: "projects/\(project)/locations/here", project: project)
        case 1:
            let path = "projects/\(project)/locations/here/jobs/etl/executions/e1"
            return .other(service: "run.googleapis.com", path: path, project: project)
        case 2:
            let account = random.pick(naive.accounts)
            return .serviceAccount(email: account.email, project: random.pick([account.project, "-", project]))
        default: return random.pick(holders + [.project(project), .folder("99")])
        }
    }
}
