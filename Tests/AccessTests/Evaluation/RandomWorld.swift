import FoundationEssentials

@testable import Access

/// A small installation full of coincidences, kept twice: in an index and in the naive evaluator. Whatever happens to
/// it happens to both.
struct RandomWorld {
    private(set) var index: AccessIndex
    private(set) var naive = NaiveEvaluator()
    var random: RandomSource
    private let hasDenyRules: Bool

    static let users = (0..<6).map { "u\($0)@\(["example.com", "other.org"][$0 % 2])" }
    static let groupAddresses = (0..<6).map { "g\($0)@example.com" }
    static let permissions = [
        "run.jobs.run", "run.jobs.get", "run.jobs.setIamPolicy", "batch.jobs.create", "batch.jobs.get",
        "iam.serviceAccounts.actAs", "iam.serviceAccounts.get", "resourcemanager.projects.get",
        "resourcemanager.projects.setIamPolicy", "resourcemanager.organizations.get", "logging.logEntries.list",
        "serviceusage.services.use", "nobody.knows.this",
    ]
    static let predefined = [
        "roles/run.developer", "roles/run.invoker", "roles/run.admin",
        "roles/viewer", "roles/editor", "roles/owner", "roles/browser", "roles/batch.jobsEditor",
        "roles/iam.serviceAccountUser", "roles/made.up",
    ]
    static let pools: [Pool] = [.workforce("staff"), .workload("ci", project: "100")]
    static let projectIDs = (0..<5).map { "project-\($0)" }
    static let noon = Date(timeIntervalSince1970: 1_780_000_000)
    /// Conditions by what they say, and what they mean.
    static let meanings: [String: NaiveEvaluator.Meaning] = [
        "true": { _, _, _ in true },
        "false": { _, _, _ in false },
        #"request.time < timestamp("2026-06-01T00:00:00Z")"#: { time, _, _ in time.timeIntervalSince1970 < 1_780_272_000
        },
        #"request.time >= timestamp("2026-06-01T00:00:00Z")"#: { time, _, _ in
            time.timeIntervalSince1970 >= 1_780_272_000
        },
        #"resource.service == "cloudresourcemanager.googleapis.com""#: { _, resource, _ in
            resource.kind.isContainer ? true : resource.kind == .secret ? false : nil
        },
        #"resource.name.startsWith("projects/100/")"#: { _, resource, world in
            guard case .secret(_, let project) = resource else { return nil }
            return world.projects.first { $0.id == project }?.number == "100"
        },
    ]

    /// The same of deny rules, which know tags alone.
    static let denialMeanings: [String: NaiveEvaluator.Meaning] = [
        "1 == 1": { _, _, _ in true },
        #"resource.hasTagKey("1/env")"#: { _, _, _ in false },
        #"!resource.matchTag("1/env", "prod")"#: { _, _, _ in true },
        #"request.host == "x""#: { _, _, _ in nil },
    ]

    init(seed: UInt64, hasDenyRules: Bool = true) throws {
        random = RandomSource(seed: seed)
        self.hasDenyRules = hasDenyRules
        index = AccessIndex(catalog: .predefined, principals: PrincipalDirectory(accounts: [:]))
        naive.meanings = Self.meanings.merging(Self.denialMeanings) { first, _ in first }
        for name in RoleCatalog.predefined.names {
            naive.roles[name] = Set(RoleCatalog.predefined[name]?.permissions.permissions.map(\.name) ?? [])
        }
        for number in 1...2 {
            let organization = Organization(
                number: "\(number)", domain: number == 1 ? "example.com" : "other.org", customer: "C000\(number)")
            index.changeHierarchy { $0.put(organization) }
            naive.organizations.append(organization)
        }
        for number in 11...15 {
            let folders = naive.folders.map { Resource.folder($0.number) }
            try put(
                Folder(number: "\(number)", parent: random.pick([.organization("1"), .organization("2")] + folders)))
        }
        for number in Self.projectIDs.indices { try putProject(number) }
        for number in 0..<6 { putAccount(number) }
        for pool in Self.pools { index.setPool(pool, exists: true) }
        for _ in 0..<100 { try change() }
    }

    // MARK: What happens

    /// Something happens to the installation.
    mutating func change() throws {
        switch Int.random(in: 0..<22, using: &random) {
        case 0: try putProject(Int.random(in: Self.projectIDs.indices, using: &random))
        case 1: putAccount(Int.random(in: 0..<6, using: &random))
        case 2, 3: try changeGroup()
        case 4: changeRole()
        case 5, 6: if hasDenyRules { setDenyPolicies() }
        case 7: setConstraint()
        case 8: removeAccount()
        case 9: try moveFolder()
        default: setPolicy(randomPolicy(), of: random.pick(holders))
        }
    }

    mutating func setPolicy(_ policy: Policy?, of resource: Resource) {
        index.setPolicy(policy, of: resource)
        naive.policies[resource] = policy
    }

    private mutating func put(_ folder: Folder) throws {
        try index.changeHierarchy { hierarchy throws(HierarchyError) in try hierarchy.put(folder) }
        naive.folders.removeAll { $0.number == folder.number }
        naive.folders.append(folder)
    }

    private mutating func moveFolder() throws {
        let parents = containers.filter { $0.kind != .project }
        // A cycle is refused, and nothing has happened.
        try? put(Folder(number: random.pick(naive.folders).number, parent: random.pick(parents)))
    }

    private mutating func putProject(_ number: Int) throws {
        let parents = containers.filter { $0.kind != .project }
        let project = Project(
            id: Self.projectIDs[number], number: "\(100 + number)", parent: random.pick(parents),
            isActive: !random.once(in: 6))
        try index.changeHierarchy { hierarchy throws(HierarchyError) in try hierarchy.put(project) }
        naive.projects.removeAll { $0.id == project.id }
        naive.projects.append(project)
    }

    private mutating func putAccount(_ number: Int) {
        let project = Self.projectIDs[number % Self.projectIDs.count]
        let account = ServiceAccount(
            email: "sa\(number)@\(project).iam.gserviceaccount.com",
            uniqueID: random.pick(["1\(number)", "2\(number)"]), project: project, isDisabled: random.once(in: 5),
            isServiceAgent: random.once(in: 3))
        index.setAccount(account)
        naive.accounts.removeAll { $0.email == account.email }
        naive.accounts.append(account)
    }

    private mutating func removeAccount() {
        guard naive.accounts.count > 2 else { return }
        let account = naive.accounts.remove(at: Int.random(in: naive.accounts.indices, using: &random))
        index.removeAccount(account)
        naive.policies[account.resource] = nil
        for group in naive.groups.keys { naive.groups[group]?.removeAll { $0 == "serviceAccount:\(account.email)" } }
    }

    private mutating func changeGroup() throws {
        let address = random.pick(Self.groupAddresses)
        if random.once(in: 6) {
            index.removeGroup(address)
            naive.groups[address] = nil
            for group in naive.groups.keys { naive.groups[group]?.removeAll { $0 == "group:\(address)" } }
        } else {
            let members: [Member] =
                Self.users.map(Member.user) + naive.accounts.map { .serviceAccount($0.email) }
                + Self.groupAddresses.map(Member.group)
            let chosen = random.some(of: members, atMost: 4)
            try index.setGroup(address, members: Set(chosen))
            naive.groups[address] = chosen.map(\.text)
        }
    }

    private mutating func changeRole() {
        let name = random.pick(customRoles)
        if random.once(in: 4) {
            index.removeRole(name)
            naive.roles[name.text] = nil
        } else {
            let permissions = Set(random.some(of: Self.permissions, atMost: 6)).subtracting(["nobody.knows.this"])
            let isDisabled = random.once(in: 6)
            index.setRole(
                CustomRole(
                    name: name, title: "Custom", about: "", stage: isDisabled ? .disabled : .generalAvailability,
                    permissions: permissions.sorted().map { Permission($0) }, etag: Data()))
            naive.roles[name.text] = isDisabled ? [] : permissions
        }
    }

    private mutating func setDenyPolicies() {
        let container = random.pick(containers)
        let policies =
            random.once(in: 2) ? [] : [DenyPolicy(id: "no-\(random.next())", rules: [denyRule(), denyRule()])]
        index.setDenyPolicies(policies, on: container)
        naive.denyPolicies[container] = policies
    }

    private mutating func setConstraint() {
        let container = random.pick(containers)
        let constraint = Constraint.disableCrossProjectServiceAccountUsage
        let setting = random.pick([true, false, nil] as [Bool?])
        let isRemoved = random.once(in: 3)
        let policy = OrganizationPolicy(
            constraint, rules: setting.map { [.init(.enforce($0))] } ?? [], isReset: setting == nil)
        index.setOrganizationPolicy(isRemoved ? nil : policy, for: constraint, on: container)
        naive.crossProject[container] = isRemoved ? nil : .some(setting)
    }
}
