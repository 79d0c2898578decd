import Access
import Logbook
import Methods

/// What logs belong to, as requests name it: `projects/ID`, `projects/NUMBER`, `folders/NUMBER`, `organizations/NUMBER`.
enum LogParents {
    /// The most names of a request (Logging API).
    static let most = 100

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT` for what has no logs here.
    static func parse(_ name: String, field: String) throws -> LogParent {
        guard let parent = LogParent(path: name) else {
            throw ServiceError.invalidArgument(
                "'\(name.prefix(300))' is not of the form projects/PROJECT, folders/FOLDER or organizations/ORGANIZATION; "
                    + "logs of billing accounts and log views are not supported.", field: field)
        }
        return parent
    }

    /// What the caller may read of the logs that a request names: something of each.
    ///
    /// - Throws: `INVALID_ARGUMENT` for none, too many or other names; `PERMISSION_DENIED`.
    static func readable(_ names: [String], _ call: Call) async throws -> [LogView] {
        guard (1...most).contains(names.count) else {
            throw ServiceError.invalidArgument(
                "resource_names has \(names.count) names; between 1 and \(most) are allowed.", field: "resource_names")
        }
        var views: [LogView] = []
        for name in names {
            let parent = try await allowed(parse(name, field: "resource_names"), LoggingService.list, call)
            guard !views.contains(where: { $0.parent == parent }) else { continue }
            // Not a check of the call: without it there is only less to see.
            let showsPrivateLogs = try await call.mayUse(LoggingService.listPrivate, on: parent.resource)
            views.append(LogView(parent, showsPrivateLogs: showsPrivateLogs))
        }
        return views
    }

    /// The parent, a project by its id, in which the service is enabled and the caller has the permission.
    static func allowed(_ parent: LogParent, _ permission: Permission, _ call: Call) async throws -> LogParent {
        let resource = try await call.admit(permission, on: parent.resource, service: LoggingService.name)
        return resource.project.map { .project($0) } ?? parent
    }
}

extension LogParent {
    /// What its policy is bound to.
    var resource: Resource {
        switch self {
        case .project(let id): .project(id)
        case .folder(let number): .folder(number)
        case .organization(let number): .organization(number)
        }
    }
}
