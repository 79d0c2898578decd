import Access
import Directory
import FoundationEssentials
import Identity
import Methods
import Schema

/// Makes projects, changes them, marks them for deletion and takes them up again; what v1 and v3 share.
struct ProjectLifecycle: Sendable {
    let directory: VisibleDirectory
    /// Ends what runs in a project, by its id.
    let shutDown: @Sendable (String) async throws -> Void

    /// Makes a project, which the caller owns.
    func create(_ fields: ProjectFields, for call: Call) async throws -> ProjectRecord {
        let parent = try parent(of: fields, for: call)
        try await call.require("resourcemanager.projects.create", on: parent, orThrow: ResourceManagerAPI.denied)
        try ProjectRules.check(id: fields.id, field: fields.paths.id)
        let project = NewProject(
            id: fields.id, displayName: try fields.checkedName(), parent: parent, labels: try fields.checkedLabels(),
            owner: try call.principal(), createdAt: call.time)
        do {
            return try await directory.directory.change { draft in
                try Self.checkParent(parent, in: draft.state)
                return try project.insert(into: &draft)
            }
        } catch DirectoryError.alreadyExists {
            throw ServiceError.projectExists(fields.id)
        } catch DirectoryError.limitReached(let limit) {
            throw ServiceError(
                .resourceExhausted, "There are as many projects as this server keeps: \(limit).")
        } catch HierarchyError.noParent {
            throw ServiceError.invalidArgument("\(parent.path) does not exist.", field: fields.paths.parent)
        }
    }

    /// Changes the name and the labels of a project.
    ///
    /// - Parameters:
    ///   - displayName: nil leaves it.
    ///   - labels: nil leaves them.
    ///   - etag: the etag that the project must have; empty for any.
    func update(
        _ idOrNumber: String, displayName: String?, labels: [String: String]?, etag: String = "", for call: Call
    ) async throws -> ProjectRecord {
        try await change(idOrNumber, for: call) { project, _ in
            guard project.isActive else { throw ServiceError.projectDeleted(project.id) }
            guard etag.isEmpty || etag == project.etag else {
                throw ServiceError(.aborted, "Project \(project.id) has changed since it was read.")
            }
            if let displayName { project.displayName = displayName }
            if let labels { project.labels = labels }
            project.updatedAt = call.time
        }
    }

    /// Moves a project. Takes `resourcemanager.projects.move` on both parents.
    func move(_ idOrNumber: String, to destination: Resource, field: String, for call: Call) async throws
        -> ProjectRecord
    {
        let source = try directory.project(idOrNumber, for: call).parent
        for parent in [source, destination] {
            try await call.require("resourcemanager.projects.move", on: parent, orThrow: ResourceManagerAPI.denied)
        }
        do {
            return try await change(idOrNumber, for: call) { project, state in
                guard project.isActive else { throw ServiceError.projectDeleted(project.id) }
                try Self.checkParent(destination, in: state)
                project.parent = destination
                project.updatedAt = call.time
            }
        } catch HierarchyError.noParent {
            throw ServiceError.invalidArgument("\(destination.path) does not exist.", field: field)
        }
    }

    /// Marks a project for deletion, and ends what runs in it.
    ///
    /// - Parameter again: whether a project that is marked already is no error.
    func delete(_ idOrNumber: String, again: Bool, for call: Call) async throws -> ProjectRecord {
        let project = try await change(idOrNumber, for: call) { project, _ in
            guard project.isActive else {
                guard again else { throw ServiceError.failedPrecondition("Cannot delete an inactive project.") }
                return
            }
            project.deletedAt = call.time
            project.updatedAt = call.time
        }
        try await shutDown(project.id)
        return project
    }

    /// Takes a project up again that is marked for deletion.
    func undelete(_ idOrNumber: String, for call: Call) async throws -> ProjectRecord {
        try await change(idOrNumber, for: call) { project, state in
            try Self.checkParent(project.parent, in: state)
            guard !project.isActive else {
                throw ServiceError.failedPrecondition(
                    "Project \(project.id) is not marked for deletion: there is nothing to undelete.")
            }
            project.deletedAt = nil
            project.updatedAt = call.time
        }
    }

    private func change(
        _ idOrNumber: String, for call: Call,
        _ change: @escaping @Sendable (inout ProjectRecord, DirectoryState) throws -> Void
    ) async throws -> ProjectRecord {
        // Its row has checked access to it: whoever comes here may know that it exists.
        let id = try directory.project(idOrNumber, for: call).id
        return try await directory.directory.change { draft in
            guard var project = draft.state.projects[id] else {
                throw ServiceError.notFound("Project '\(id)' not found.")
            }
            try change(&project, draft.state)
            try draft.put(project)
            return project
        }
    }

    /// - Throws: `FAILED_PRECONDITION` for a folder that is marked for deletion.
    private static func checkParent(_ parent: Resource, in state: DirectoryState) throws {
        guard !state.isDeleted(parent) else {
            throw ServiceError.failedPrecondition("\(parent.path) is marked for deletion.")
        }
    }

    /// Where a new project is to lie: as said, else in the organization that the caller belongs to.
    private func parent(of fields: ProjectFields, for call: Call) throws -> Resource {
        if let parent = fields.parent { return parent }
        guard case .user(let email) = try call.principal() else {
            throw ServiceError.invalidArgument(
                "Service accounts cannot create projects without a parent.", field: fields.paths.parent)
        }
        let domain = EmailAddress.domain(of: email)
        let own = directory.state.organizations.sorted.first { $0.domain == domain }
        guard let own else {
            throw ServiceError.invalidArgument(
                "\(email) belongs to no organization here: the parent of the project is missing.",
                field: fields.paths.parent)
        }
        return .organization(own.number)
    }
}

extension ProjectRecord {
    /// Changes with every change of the project.
    var etag: String { ChangeTag.text(of: updatedAt) }
}

extension ServiceError {
    /// A project that is marked for deletion can be looked at and taken up again, but not changed.
    static func projectDeleted(_ id: String) -> ServiceError {
        failedPrecondition("Project \(id) is marked for deletion: it cannot be changed until it is undeleted.")
    }

    /// An id that is taken: by a project of anybody's, also by one that is marked for deletion.
    fileprivate static func projectExists(_ id: String) -> ServiceError {
        ServiceError(
            .alreadyExists, "Requested entity already exists",
            details: [Google_Rpc_ResourceInfo.with { $0.resourceName = "projects/\(id)" }])
    }
}
