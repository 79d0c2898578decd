import Access
import Directory
import FoundationEssentials
import Identity
import Methods

/// Makes folders, changes and moves them, marks them for deletion and takes them up again; what v2 and v3 share.
struct FolderLifecycle: Sendable {
    let directory: Directory

    /// The folder that a request names, after its row has checked access.
    ///
    /// - Throws: the refusal that callers without access get, which tells nothing about what exists.
    func folder(_ number: String, for call: Call) throws -> FolderRecord {
        if let folder = directory.state.folders[number] { return folder }
        throw ResourceManagerAPI.denied(
            Denial(
                principal: try call.principal(), permission: "resourcemanager.folders.get", resource: .folder(number)))
    }

    /// Makes a folder, after its row has checked access to the parent.
    func create(_ displayName: String, in parent: Resource, field: String, at now: Date) async throws -> FolderRecord {
        try FolderRules.check(displayName: displayName, field: field)
        return try await directory.change { draft in
            guard draft.state.folders.count < FolderRecord.most else {
                throw DirectoryError.limitReached(FolderRecord.most)
            }
            var number = ResourceNumber.random()
            while draft.state.folders[number] != nil { number = ResourceNumber.random() }
            let folder = FolderRecord(number: number, displayName: displayName, parent: parent, createdAt: now)
            try FolderRules.check(folder, in: draft.state)
            try Self.place(folder, in: &draft)
            return folder
        }
    }

    /// Gives a folder another name.
    func rename(_ number: String, _ displayName: String, field: String, etag: String, for call: Call) async throws
        -> FolderRecord
    {
        try FolderRules.check(displayName: displayName, field: field)
        return try await change(number, for: call) { folder, state in
            guard folder.isActive else { throw Self.deleted(folder) }
            guard etag.isEmpty || etag == folder.etag else {
                throw ServiceError(.aborted, "Folder \(folder.number) has changed since it was read.")
            }
            folder.displayName = displayName
            try FolderRules.check(folder, in: state)
        }
    }

    /// Moves a folder with all that lies in it. Takes `resourcemanager.folders.move` on both parents.
    func move(_ number: String, to destination: Resource, for call: Call) async throws -> FolderRecord {
        let source = try folder(number, for: call).parent
        for parent in [source, destination] {
            try await call.require("resourcemanager.folders.move", on: parent, orThrow: ResourceManagerAPI.denied)
        }
        return try await change(number, for: call) { folder, state in
            guard folder.isActive else { throw Self.deleted(folder) }
            folder.parent = destination
            try FolderRules.check(folder, in: state)
        }
    }

    /// Marks a folder for deletion.
    func delete(_ number: String, for call: Call) async throws -> FolderRecord {
        try await change(number, for: call) { folder, state in
            guard folder.isActive else { throw Self.deleted(folder) }
            try FolderRules.checkEmpty(folder, in: state)
            folder.deletedAt = call.time
        }
    }

    /// Takes a folder up again that is marked for deletion.
    func undelete(_ number: String, for call: Call) async throws -> FolderRecord {
        try await change(number, for: call) { folder, state in
            guard !folder.isActive else {
                throw ServiceError.failedPrecondition("Folder \(folder.number) is not marked for deletion.")
            }
            folder.deletedAt = nil
            try FolderRules.check(folder, in: state)
        }
    }

    /// The folders directly in a parent, by number.
    func children(of parent: Resource, showDeleted: Bool) -> [FolderRecord] {
        directory.state.folders.sorted.filter { $0.parent == parent && ($0.isActive || showDeleted) }
    }

    private func change(
        _ number: String, for call: Call,
        _ change: @escaping @Sendable (inout FolderRecord, DirectoryState) throws -> Void
    ) async throws -> FolderRecord {
        _ = try folder(number, for: call)
        return try await directory.change { draft in
            guard var folder = draft.state.folders[number] else {
                throw ServiceError.notFound("Folder \(number) was not found.")
            }
            try change(&folder, draft.state)
            folder.updatedAt = call.time
            try Self.place(folder, in: &draft)
            return folder
        }
    }

    private static func place(_ folder: FolderRecord, in draft: inout DirectoryDraft) throws {
        do {
            try draft.put(folder)
        } catch let error as HierarchyError {
            switch error {
            case .noParent:
                throw ServiceError.invalidArgument("\(folder.parent.path) does not exist.", field: "parent")
            case .cycle:
                throw FolderRules.violation("CYCLE_INTRODUCED_ERROR", "A folder cannot lie in itself.", folder)
            case .tooDeep, .numberTaken, .notEmpty:
                throw FolderRules.violation(
                    "FOLDER_HEIGHT_VIOLATION",
                    "At most \(Hierarchy.maximumFolderDepth) folders can lie within each other.", folder)
            }
        }
    }

    private static func deleted(_ folder: FolderRecord) -> ServiceError {
        .failedPrecondition("Folder \(folder.number) is marked for deletion: it can only be undeleted.")
    }
}

extension FolderRecord {
    /// Changes with every change of the folder.
    var etag: String { ChangeTag.text(of: updatedAt) }

    /// The value that a filter compares for a key in lower case.
    func filterValue(_ key: String) -> String? {
        switch key {
        case "displayname": displayName
        case "parent": parent.path
        case "state", "lifecyclestate": isActive ? "ACTIVE" : "DELETE_REQUESTED"
        default: nil
        }
    }
}
