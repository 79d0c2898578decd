/// All permissions that Landfall knows, numbered in the order of `permissions.txt`.
public struct PermissionTable: Sendable {
    /// The one that everything uses, read when first used.
    public static let known = PermissionTable(.permissions)

    private var entries: [KnownPermission] = []
    private var ids: [String: PermissionID] = [:]
    /// The permissions of each resource by their verbs: `create` of `batch.jobs`.
    private var verbs: [String: [String: PermissionID]] = [:]
    private var services: [Substring: PermissionSet] = [:]
    /// What a policy on a resource of some type can grant.
    private var grantable: [ResourceType: PermissionSet] = [:]
    /// Those that do more than let one look.
    private(set) var changing = PermissionSet()
    /// What is wrong with the text.
    private(set) var faults: [CatalogFault] = []

    init(_ text: CatalogText) {
        var last = ""
        ids.reserveCapacity(2000)
        for line in text {
            let resource = line.key
            let marks = Marks(line)
            faults += marks.faults
            if resource < last { faults.append(CatalogFault(line: line.number, problem: "\(resource) is not sorted")) }
            last = resource
            var added = PermissionSet()
            var byVerb = verbs.removeValue(forKey: resource) ?? [:]
            for verb in line.rest where !Marks.isMark(verb) {
                guard let id = add(verb, of: resource, marks) else { continue }
                byVerb[verb] = id
                added.insert(id)
            }
            verbs[resource] = byVerb
            services[Permission(resource).service, default: PermissionSet()].formUnion(added)
            for type in marks.grantableOn { grantable[type, default: PermissionSet()].formUnion(added) }
        }
    }

    private mutating func add(_ verb: String, of resource: String, _ marks: Marks) -> PermissionID? {
        let permission = Permission(resource + "." + verb)
        let id = PermissionID(UInt16(clamping: entries.count))
        if let first = ids.updateValue(id, forKey: permission.name) {
            ids[permission.name] = first
            faults.append(CatalogFault(line: marks.line, problem: "\(permission) stands twice"))
            return nil
        }
        if !Permission.isReading(verb: verb) { changing.insert(id) }
        entries.append(
            KnownPermission(
                id: id, permission: permission, grantableOn: marks.grantableOn, customRoles: marks.customRoles))
        return id
    }

    /// The permissions of a resource such as `batch.jobs`, by their verbs.
    func verbs(of resource: String) -> [String: PermissionID] { verbs[resource] ?? [:] }

    /// The number of a permission; nil when nobody knows it.
    public func id(of permission: Permission) -> PermissionID? { ids[permission.name] }

    /// The permission of a number that this table gave out.
    public subscript(id: PermissionID) -> KnownPermission { entries[Int(id.rawValue)] }

    /// A permission by its name; nil when nobody knows it.
    public subscript(permission: Permission) -> KnownPermission? { id(of: permission).map { self[$0] } }

    /// How many there are: every number is less.
    public var count: Int { entries.count }

    /// All permissions, in the order of their numbers.
    public var all: [KnownPermission] { entries }

    /// The permissions of a service by its short name, such as `batch`; none for one that nobody knows.
    public func permissions(ofService service: Substring) -> PermissionSet { services[service] ?? PermissionSet() }

    /// The permissions that a policy on a resource of some type can grant, sorted by name: what
    /// `queryTestablePermissions` lists.
    public func testable(on type: ResourceType) -> [KnownPermission] {
        (grantable[type] ?? PermissionSet()).map { self[$0] }.sorted { $0.permission.name < $1.permission.name }
    }

    /// Where a role can be granted that says nothing else: on organizations, folders, projects, and on every type
    /// below a project whose policies can grant one of its permissions.
    func types(for permissions: PermissionSet) -> Set<ResourceType> {
        var types = ResourceType.containers
        for (type, granted) in grantable where type.isBelowProject && granted.intersects(permissions) {
            types.insert(type)
        }
        return types
    }
}

/// What a line of `permissions.txt` says of all its permissions.
private struct Marks {
    let line: Int
    private(set) var grantableOn = ResourceType.containers
    private(set) var customRoles = CustomRoleSupport.supported
    private(set) var faults: [CatalogFault] = []

    static func isMark(_ word: String) -> Bool {
        word.utf8.first == UInt8(ascii: "+") || word.utf8.contains(UInt8(ascii: "="))
    }

    init(_ line: CatalogText.Line) {
        self.line = line.number
        var below: ResourceType?
        for word in line.rest where Self.isMark(word) {
            switch word {
            case "custom=no": customRoles = .notSupported
            case "custom=testing": customRoles = .testing
            case _ where word.hasPrefix("+"):
                below = ResourceType(rawValue: String(word.dropFirst()))
                if below == nil { fault(word) }
            case _ where word.hasPrefix("on="):
                guard let types = ResourceType.list(String(word.dropFirst(3))) else {
                    fault(word)
                    continue
                }
                grantableOn = types
            default: fault(word)
            }
        }
        if let below { grantableOn.insert(below) }
    }

    private mutating func fault(_ word: String) {
        faults.append(CatalogFault(line: line, problem: "\(word) means nothing"))
    }
}

extension ResourceType {
    /// Reads `organization,folder`; nil when one of them is no type.
    static func list(_ text: String) -> Set<ResourceType>? {
        let types = text.split(separator: ",").map { ResourceType(rawValue: String($0)) }
        let known = Set(types.compactMap { $0 })
        return !known.isEmpty && known.count == types.count ? known : nil
    }
}
