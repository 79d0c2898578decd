// Which grants would allow a call, the smallest first.

extension AccessIndex {
    /// Remedies that a proof names at most.
    static let maximumRemedies = 20

    /// For each role with a permission, the nearest place where it can be granted, in the catalogue's order: the roles
    /// that give the least first.
    ///
    /// - Parameter places: from the resource upwards.
    func remedies(for permission: Permission, at places: [Resource]) -> [Remedy] {
        let roles = catalog.roles(containing: permission, in: Set(places.compactMap(\.roleParent)))
        // No command of gcloud's grants something on a workforce pool: what is above it serves as well.
        let places = places.filter { $0.kind != .workforcePool }
        let remedies = roles.lazy.compactMap { role in
            places.first { $0.type.map(role.types.contains) == true }.map { Remedy(role: role.name, on: $0) }
        }
        return Array(remedies.prefix(Self.maximumRemedies))
    }
}

extension Resource {
    /// What custom roles belong to: a project or an organization; nil for the rest.
    var roleParent: CustomRole.Parent? {
        switch self {
        case .project(let id): .project(id)
        case .organization(let number): .organization(number)
        default: nil
        }
    }

    /// Its type, as roles know where they can be granted; nil for what has no policy of its own.
    public var type: ResourceType? {
        switch self {
        case .organization: .organization
        case .folder: .folder
        case .project: .project
        case .serviceAccount: .serviceAccount
        case .workloadIdentityPool: .workloadIdentityPool
        case .workforcePool: .workforcePool
        case .job: .job
        case .repository: .repository
        case .secret: .secret
        case .other: nil
        }
    }
}
