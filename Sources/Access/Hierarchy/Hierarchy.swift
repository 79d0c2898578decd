/// Organizations, folders and projects, and the workforce pools of organizations: which lies in which.
///
/// Every container in it has its parent in it as well, so that a walk upwards always ends at an organization.
public struct Hierarchy: Hashable, Sendable {
    /// Folders that may lie within each other.
    public static let maximumFolderDepth = 10

    private var organizations: [String: Organization] = [:]
    private var folders: [String: Folder] = [:]
    private var projects: [String: Project] = [:]
    /// The id of each project by its number.
    private var ids: [String: String] = [:]
    /// Each container with all above it, from itself upwards: what a decision walks.
    private var lineages: [Resource: [Resource]] = [:]

    /// A hierarchy of nothing.
    public init() {}

    /// The organization of a number.
    public func organization(_ number: String) -> Organization? { organizations[number] }
    /// The folder of a number.
    public func folder(_ number: String) -> Folder? { folders[number] }
    /// The project of an id or a number.
    public func project(_ idOrNumber: String) -> Project? {
        projects[idOrNumber] ?? ids[idOrNumber].flatMap { projects[$0] }
    }

    /// The resource with its project's id, whether its name has the id or the number; nil when the container that it
    /// is or lies in does not exist.
    public func canonical(_ resource: Resource) -> Resource? {
        guard let stated = resource.project else { return lineages[resource] == nil ? nil : resource }
        if projects[stated] != nil { return resource }
        return ids[stated].map(resource.inProject)
    }

    /// A container and all above it, from itself upwards; empty when it does not exist.
    public func lineage(of container: Resource) -> [Resource] { lineages[container] ?? [] }

    /// Everything whose policy counts for a resource, from the resource upwards; empty when its container does not
    /// exist.
    ///
    /// - Parameter resource: with its project's id, as `canonical(_:)` gives it.
    public func holders(for resource: Resource) -> [Resource] {
        guard let project = resource.project else { return lineage(of: resource) }
        let above = lineage(of: .project(project))
        guard !above.isEmpty, let own = resource.ownHolder else { return above }
        return [own] + above
    }

    /// The path of a resource with the number of its project: `projects/123456789012`.
    func numberedPath(of resource: Resource) -> String {
        guard let id = resource.project, let number = projects[id]?.number else { return resource.path }
        return resource.inProject(number).path
    }

    /// The organizations of which something is true.
    func organizations(where isWanted: (Organization) -> Bool) -> [Organization] {
        organizations.values.filter(isWanted)
    }

    /// The organization at the top of a container's lineage; none for nil and for what does not exist.
    func organization(above container: Resource?) -> [Organization] {
        guard let container, case .organization(let number)? = lineage(of: container).last else { return [] }
        return organization(number).map { [$0] } ?? []
    }

    /// The containers that lie directly in another.
    public func children(of container: Resource) -> [Resource] {
        folders.values.filter { $0.parent == container }.map { .folder($0.number) }
            + projects.values.filter { $0.parent == container }.map { .project($0.id) }
    }

    /// Adds an organization, or replaces the one of its number.
    public mutating func put(_ organization: Organization) {
        organizations[organization.number] = organization
        let resource = Resource.organization(organization.number)
        lineages[resource] = [resource]
    }

    /// Adds a folder, changes it, or moves it with all that lies in it.
    public mutating func put(_ folder: Folder) throws(HierarchyError) {
        let resource = Resource.folder(folder.number)
        let above = try lineage(forChildOf: folder.parent)
        guard !above.contains(resource) else { throw .cycle }
        let depth = above.count { $0.kind == .folder } + 1
        guard depth + height(below: resource) <= Self.maximumFolderDepth else { throw .tooDeep }
        folders[folder.number] = folder
        place(resource, below: above)
    }

    /// Adds a project, changes it, or moves it.
    public mutating func put(_ project: Project) throws(HierarchyError) {
        let above = try lineage(forChildOf: project.parent)
        if let other = ids[project.number], other != project.id { throw .numberTaken }
        if let old = projects[project.id] { ids[old.number] = nil }
        projects[project.id] = project
        ids[project.number] = project.id
        lineages[.project(project.id)] = [.project(project.id)] + above
    }

    /// Says which organization a workforce pool belongs to; nil for one that there is no more.
    ///
    /// - Throws: `HierarchyError.noParent` when there is no such organization.
    public mutating func setWorkforcePool(_ id: String, in organization: String?) throws(HierarchyError) {
        let pool = Resource.workforcePool(id)
        guard let organization else {
            lineages[pool] = nil
            return
        }
        guard organizations[organization] != nil else { throw .noParent }
        lineages[pool] = [pool, .organization(organization)]
    }

    /// Removes a container that nothing lies in.
    public mutating func remove(_ container: Resource) throws(HierarchyError) {
        guard children(of: container).isEmpty else { throw .notEmpty }
        switch container {
        case .organization(let number): organizations[number] = nil
        case .folder(let number): folders[number] = nil
        case .project(let id):
            if let project = projects.removeValue(forKey: id) { ids[project.number] = nil }
        default: return
        }
        lineages[container] = nil
    }

    private func lineage(forChildOf parent: Resource) throws(HierarchyError) -> [Resource] {
        guard parent.kind != .project, let above = lineages[parent] else { throw .noParent }
        return above
    }

    /// How many folders lie within each other below a container.
    private func height(below container: Resource) -> Int {
        folders.values.filter { $0.parent == container }.map { 1 + height(below: .folder($0.number)) }.max() ?? 0
    }

    private mutating func place(_ container: Resource, below above: [Resource]) {
        let lineage = [container] + above
        lineages[container] = lineage
        for child in children(of: container) { place(child, below: lineage) }
    }
}

/// Why a container cannot be where it was to be put.
public enum HierarchyError: Error, Hashable, Sendable {
    /// Its parent does not exist, or is a project.
    case noParent
    /// It would lie in itself.
    case cycle
    /// More than `Hierarchy.maximumFolderDepth` folders would lie within each other.
    case tooDeep
    /// Its number is another project's.
    case numberTaken
    /// Something still lies in it.
    case notEmpty
}
