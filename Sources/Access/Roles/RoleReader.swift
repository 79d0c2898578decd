/// Reads the files of `Sources/PredefinedRoles/roles`, whose format `basic.txt` describes.
struct RoleReader {
    /// The roles in the order of the files.
    private(set) var roles: [Role] = []
    /// What is wrong with the text: such a line is left out.
    private(set) var faults: [CatalogFault] = []

    private let table: PermissionTable
    private var places: [String: Int] = [:]
    private var draft: Draft?

    /// A role whose lines are being read.
    private struct Draft {
        var name: String
        var line: Int
        var title = ""
        var about = ""
        var stage = LaunchStage.generalAvailability
        var types: Set<ResourceType>?
        var included = PermissionSet()
        var permissions = PermissionSet()
        var elsewhere = 0
        var last: String?
    }

    init(_ text: CatalogText, table: PermissionTable = .known) {
        self.table = table
        for line in text {
            if line.isIndented { readDetail(line) } else { start(line) }
        }
        finish()
    }

    private mutating func start(_ line: CatalogText.Line) {
        finish()
        let name = line.key
        if !name.hasPrefix("roles/") || !line.rest.isEmpty { fault(line, "\(name) is no name of a role") }
        draft = Draft(name: name, line: line.number)
    }

    private mutating func readDetail(_ line: CatalogText.Line) {
        switch line.key {
        case "title": draft?.title = line.value
        case "about": draft?.about = line.value
        case "stage":
            guard let stage = LaunchStage(rawValue: line.value) else { return fault(line, "no such stage") }
            draft?.stage = stage
        case "on":
            guard let types = ResourceType.list(line.value) else { return fault(line, "no such types of resource") }
            draft?.types = types
        case "includes":
            guard let place = places[line.value] else { return fault(line, "\(line.value) does not stand above") }
            draft?.included.formUnion(roles[place].permissions)
        case "elsewhere":
            guard let number = Int(line.value), number > 0 else { return fault(line, "no such number") }
            draft?.elsewhere = number
        default: readPermissions(line)
        }
    }

    private mutating func readPermissions(_ line: CatalogText.Line) {
        let resource = line.key
        if line.rest.isEmpty { fault(line, "\(resource) has no verb") }
        let verbs = table.verbs(of: resource)
        for verb in line.rest {
            guard let id = verbs[verb] else {
                fault(line, "nobody knows \(resource).\(verb)")
                continue
            }
            if draft?.permissions.insert(id) == false { fault(line, "\(resource).\(verb) stands twice") }
            if draft?.included.contains(id) == true { fault(line, "\(resource).\(verb) is included already") }
        }
        if let last = draft?.last, resource < last { fault(line, "\(resource) is not sorted") }
        draft?.last = resource
    }

    private mutating func finish() {
        guard var draft else { return }
        self.draft = nil
        if draft.title.isEmpty || draft.about.isEmpty {
            faults.append(CatalogFault(line: draft.line, problem: "\(draft.name) lacks a title or what it is about"))
        }
        guard places[draft.name] == nil else {
            faults.append(CatalogFault(line: draft.line, problem: "\(draft.name) stands twice"))
            return
        }
        draft.permissions.formUnion(draft.included)
        places[draft.name] = roles.count
        roles.append(
            Role(
                name: draft.name, title: draft.title, about: draft.about, stage: draft.stage,
                permissions: draft.permissions, permissionsElsewhere: draft.elsewhere,
                types: draft.types ?? table.types(for: draft.permissions), table: table))
    }

    private mutating func fault(_ line: CatalogText.Line, _ problem: String) {
        faults.append(CatalogFault(line: line.number, problem: problem))
    }
}
