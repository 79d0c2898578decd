import Access
import Directory
import Methods
import Schema

/// What a folder may be called and where it may lie (Resource Manager, folders).
enum FolderRules {
    /// Folders that may lie directly in another or in an organization.
    static let maximumChildren = 300

    /// Checks the name of a folder.
    ///
    /// - Throws: `INVALID_ARGUMENT`.
    static func check(displayName: String, field: String) throws {
        let isName = displayName.wholeMatch(of: /[\p{L}\p{N}](?:[\p{L}\p{N}_\- ]{0,28}[\p{L}\p{N}])?/) != nil
        guard isName else {
            throw ServiceError.invalidArgument(
                "'\(displayName.prefix(100))' is not the name of a folder: 1 to 30 letters, digits, spaces, hyphens and "
                    + "underscores, with a letter or digit first and last.",
                field: field)
        }
    }

    /// Checks that a folder can lie where it is to be: under a parent in use, beside no folder of its name.
    ///
    /// - Throws: `FAILED_PRECONDITION` with the violation.
    static func check(_ folder: FolderRecord, in state: DirectoryState) throws {
        if state.isDeleted(folder.parent) {
            throw violation(
                "FOLDER_TO_MOVE_INTO_DELETED_FOLDER_VIOLATION", "The parent is marked for deletion.", folder)
        }
        let siblings = state.folders.all.filter {
            $0.parent == folder.parent && $0.isActive && $0.number != folder.number
        }
        guard siblings.count < maximumChildren else {
            throw violation(
                "MAX_CHILD_FOLDERS_VIOLATION", "At most \(maximumChildren) folders can lie directly in a parent.",
                folder)
        }
        guard !siblings.contains(where: { $0.displayName == folder.displayName }) else {
            throw violation(
                "FOLDER_NAME_UNIQUENESS_VIOLATION", "A folder named '\(folder.displayName)' lies in the same parent.",
                folder)
        }
    }

    /// Checks that nothing in use lies in a folder.
    ///
    /// - Throws: `FAILED_PRECONDITION` with the violation.
    static func checkEmpty(_ folder: FolderRecord, in state: DirectoryState) throws {
        let isUsed = state.access.hierarchy.children(of: folder.resource).contains { child in
            switch child {
            case .folder(let number): state.folders[number]?.isActive == true
            case .project(let id): state.projects[id]?.isActive == true
            default: false
            }
        }
        guard !isUsed else {
            throw violation(
                "FOLDER_TO_DELETE_NON_EMPTY_VIOLATION", "A folder can be deleted when nothing in use lies in it.",
                folder)
        }
    }

    /// A refusal that programs can tell from others.
    static func violation(_ type: String, _ description: String, _ folder: FolderRecord) -> ServiceError {
        let details = Google_Rpc_PreconditionFailure.with {
            $0.violations = [
                .with {
                    $0.type = type
                    $0.subject = "folders/\(folder.number)"
                    $0.description_p = description
                }
            ]
        }
        return ServiceError(.failedPrecondition, description, details: [details])
    }
}
