import FoundationEssentials

@testable import Access

/// A second evaluator, straight from the rules: it keeps everything as it was written and looks through all of it for
/// every decision. It shares nothing with the index but the values that describe policies.
struct NaiveEvaluator {
    var organizations: [Organization] = []
    var folders: [Folder] = []
    var projects: [Project] = []
    var accounts: [ServiceAccount] = []
    /// Members by address, in the text of allow policies.
    var groups: [String: [String]] = [:]
    /// Permissions by role.
    var roles: [String: Set<String>] = [:]
    var policies: [Resource: Policy] = [:]
    var denyPolicies: [Resource: [DenyPolicy]] = [:]
    /// Where `iam.disableCrossProjectServiceAccountUsage` is set, and to what; nil for a reset.
    var crossProject: [Resource: Bool?] = [:]
    /// What the expressions in use mean: true, false, or nil when they cannot be evaluated.
    var meanings: [String: Meaning] = [:]

    typealias Meaning = @Sendable (Date, Resource, NaiveEvaluator) -> Bool?

    func allows(
        _ principal: Principal, _ permission: String, on resource: Resource, at time: Date, attachingIn: String?
    ) -> Bool {
        guard canCall(principal), let resource = existing(resource) else { return false }
        let containers = ancestors(of: resource)
        let texts = names(of: principal)
        for container in containers {
            for rule in (denyPolicies[container] ?? []).flatMap(\.rules)
            where denies(rule, texts, permission, resource, time) {
                return false
            }
        }
        let holders = containers + (holder(of: resource).map { [$0] } ?? [])
        let isGranted = holders.flatMap { policies[$0]?.bindings ?? [] }.contains { binding in
            roles[binding.role]?.contains(permission) == true
                && binding.members.contains { texts.contains($0) }
                && (binding.condition.map { holds($0, resource, time) == true } ?? true)
        }
        guard isGranted else { return false }
        if let project = projects.first(where: { $0.id == resource.project }), !project.isActive {
            return permission.hasPrefix("resourcemanager.projects.")
        }
        return permission != "iam.serviceAccounts.actAs" || mayAttach(resource, in: attachingIn, containers)
    }

    // MARK: What exists

    private func canCall(_ principal: Principal) -> Bool {
        guard case .serviceAccount(let email, let id) = principal else { return true }
        guard let account = accounts.first(where: { $0.email == email }), !account.isDisabled else { return false }
        return (id == nil || id == account.uniqueID)
            && projects.contains { $0.id == account.project && $0.isActive }
    }

    private func project(_ idOrNumber: String) -> Project? {
        projects.first { $0.id == idOrNumber || $0.number == idOrNumber }
    }

    private func existing(_ resource: Resource) -> Resource? {
        switch resource {
        case .organization(let number): return organizations.contains { $0.number == number } ? resource : nil
        case .folder(let number): return folders.contains { $0.number == number } ? resource : nil
        case .serviceAccount(let email, let stated):
            guard let account = accounts.first(where: { $0.email == email }) else { return nil }
            return stated == "-" || project(stated)?.id == account.project
                ? .serviceAccount(email: email, project: account.project) : nil
        default:
            guard let stated = resource.project, let project = project(stated) else { return nil }
            return Resource(fullName: resource.fullName.replacingProject(stated, by: project.id))
        }
    }

    /// The containers that a resource is or lies in.
    private func ancestors(of resource: Resource) -> [Resource] {
        if let id = resource.project {
            guard let project = projects.first(where: { $0.id == id }) else { return [] }
            return [.project(id)] + ancestors(of: project.parent)
        }
        guard case .folder(let number) = resource, let folder = folders.first(where: { $0.number == number }) else {
            return [resource]
        }
        return [resource] + ancestors(of: folder.parent)
    }

    /// What has a policy below projects: by the beginning of its name.
    private func holder(of resource: Resource) -> Resource? {
        policies.keys.first { key in
            !key.kind.isContainer
                && (resource.fullName == key.fullName || resource.fullName.hasPrefix(key.fullName + "/"))
        }
    }

    // MARK: Who is meant

    /// All texts, of allow policies and of deny policies, that mean a principal.
    private func names(of principal: Principal) -> Set<String> {
        var names: Set<String> = ["allUsers", "principalSet://goog/public:all"]
        switch principal {
        case .unauthenticated: break
        case .user(let email):
            let domain = String(email.split(separator: "@")[1])
            names.formUnion(["user:\(email)", "principal://goog/subject/\(email)", "domain:\(domain)"])
            names.insert("allAuthenticatedUsers")
            for organization in organizations where organization.domain == domain {
                names.insert("principalSet://goog/cloudIdentityCustomerId/\(organization.customer)")
            }
        case .serviceAccount(let email, _):
            names.formUnion(["serviceAccount:\(email)", "allAuthenticatedUsers"])
            names.insert("principal://iam.googleapis.com/projects/-/serviceAccounts/\(email)")
            for account in accounts where account.email == email {
                let kind = account.isServiceAgent ? "ServiceAgent" : "ServiceAccount"
                for container in ancestors(of: .project(account.project)) {
                    let name =
                        container.kind == .project
                        ? "projects/\(project(account.project)?.number ?? "")" : container.path
                    names.insert("principalSet://cloudresourcemanager.googleapis.com/\(name)/type/\(kind)")
                }
            }
        case .federated(let identity):
            let pool =
                switch identity.pool {
                case .workforce(let id): "locations/global/workforcePools/\(id)"
                case .workload(let id, let project): "projects/\(project)/locations/global/workloadIdentityPools/\(id)"
                }
            names.insert("principal://iam.googleapis.com/\(pool)/subject/\(identity.subject)")
            names.insert("principalSet://iam.googleapis.com/\(pool)/*")
            for group in identity.groups { names.insert("principalSet://iam.googleapis.com/\(pool)/group/\(group)") }
            for (key, value) in identity.attributes {
                names.insert("principalSet://iam.googleapis.com/\(pool)/attribute.\(key)/\(value)")
            }
        }
        return withGroups(names)
    }

    /// Adds groups as long as there is another one that contains somebody.
    private func withGroups(_ names: Set<String>) -> Set<String> {
        var names = names
        while let (address, _) = groups.first(where: { address, members in
            !names.contains("group:\(address)") && !names.isDisjoint(with: members)
        }) {
            names.formUnion(["group:\(address)", "principalSet://goog/group/\(address)"])
        }
        return names
    }

    // MARK: Rules and conditions

    private func denies(
        _ rule: DenyRule, _ names: Set<String>, _ permission: String, _ resource: Resource, _ time: Date
    ) -> Bool {
        !names.isDisjoint(with: rule.deniedPrincipals) && names.isDisjoint(with: rule.exceptionPrincipals)
            && rule.deniedPermissions.contains { covers($0, permission) }
            && !rule.exceptionPermissions.contains { covers($0, permission) }
            && rule.condition.map { holds($0, resource, time) != false } ?? true
    }

    /// Whether `run.googleapis.com/*.get` covers `run.jobs.get`.
    private func covers(_ pattern: String, _ permission: String) -> Bool {
        let halves = pattern.split(separator: "/").map(String.init)
        let wanted = halves[1].split(separator: ".").map(String.init)
        var service = halves[0].replacing(".googleapis.com", with: "")
        if service == "cloudresourcemanager" { service = "resourcemanager" }
        let parts = permission.split(separator: ".").map(String.init)
        return parts.count == 3 && parts[0] == service && ["*", parts[1]].contains(wanted[0])
            && ["*", parts[2]].contains(wanted[1])
    }

    private func holds(_ condition: PolicyCondition, _ resource: Resource, _ time: Date) -> Bool? {
        meanings[condition.expression].flatMap { $0(time, resource, self) }
    }

    private func mayAttach(_ account: Resource, in user: String?, _ containers: [Resource]) -> Bool {
        guard let user, let owner = account.project, project(user)?.id != owner else { return true }
        for container in containers {
            if let setting = crossProject[container] { return setting == false }
        }
        return false
    }
}

extension String {
    fileprivate func replacingProject(_ stated: String, by id: String) -> String {
        split(separator: "/", omittingEmptySubsequences: false).enumerated()
            .map { $0 == 4 && $1 == stated ? id : String($1) }.joined(separator: "/")
    }
}
