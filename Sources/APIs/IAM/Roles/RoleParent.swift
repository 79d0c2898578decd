import Access
import Directory
import Methods

/// What custom roles belong to, as requests name it: `projects/P`, by id or number, or `organizations/N`.
struct RoleParent {
    /// What access is checked on.
    let resource: Resource

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ text: String, field: String = "parent") throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch parts.first {
        case "projects"? where parts.count == 2 && !parts[1].isEmpty: resource = .project(parts[1])
        case "organizations"? where parts.count == 2 && !parts[1].isEmpty: resource = .organization(parts[1])
        default:
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' must be of the form projects/PROJECT or organizations/NUMBER.", field: field)
        }
    }

    /// The parent of a role, with the project's id, once the caller was found to have access to it.
    ///
    /// - Throws: `NOT_FOUND`
    func known(in state: DirectoryState) throws -> CustomRole.Parent {
        guard let parent = state.located(resource).flatMap(CustomRole.Parent.init) else {
            throw ServiceError.notFound("\(resource.path) does not exist.")
        }
        return parent
    }
}

extension CustomRole.Parent {
    /// A project or an organization; nil for the rest.
    init?(_ resource: Resource) {
        switch resource {
        case .project(let id): self = .project(id)
        case .organization(let number): self = .organization(number)
        default: return nil
        }
    }
}

/// The name of a custom role as requests write it: `projects/P/roles/ID` or `organizations/N/roles/ID`.
struct RoleName {
    let parent: RoleParent
    let id: String

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ text: String) throws {
        guard let name = CustomRole.Name(text) else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' must be of the form projects/PROJECT/roles/ROLE or "
                    + "organizations/NUMBER/roles/ROLE.", field: "name")
        }
        parent = try RoleParent(name.parent.path, field: "name")
        id = name.id
    }

    /// The role, once the caller was found to have access to it; deleted ones too.
    ///
    /// - Throws: `NOT_FOUND`
    func role(in state: DirectoryState) throws -> CustomRole {
        let name = CustomRole.Name(try parent.known(in: state), id)
        guard let role = state.roles[name.text] else { throw ServiceError(RoleError.notFound(name.text)) }
        return role
    }
}

extension AccessRule {
    /// A permission on the project or organization of a custom role that the request names.
    static func onParentOfRole(
        _ permission: Permission, _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(permission, on: { try RoleName(name($0)).parent.resource })
    }
}

extension ServiceError {
    /// What a rule of custom roles says.
    init(_ error: RoleError) {
        let code: ServiceError.Code =
            switch error.reason {
            case .invalidArgument: .invalidArgument
            case .notFound: .notFound
            case .alreadyExists: .alreadyExists
            case .failedPrecondition: .failedPrecondition
            case .aborted: .aborted
            case .resourceExhausted: .resourceExhausted
            }
        self =
            code == .invalidArgument && !error.field.isEmpty
            ? .invalidArgument(error.message, field: error.field) : ServiceError(code, error.message)
    }
}
