import Access
import Methods

/// What a request says of a project, v1 or v3.
struct ProjectFields: Sendable {
    var id: String
    /// Empty when the request has none.
    var displayName: String
    var labels: [String: String]
    /// Nil for the organization of the caller.
    var parent: Resource?
    /// What the fields are called in the request.
    var paths: Paths

    struct Paths: Sendable {
        var id: String
        var displayName: String
        var labels: String
        var parent: String

        static let v1 = Paths(id: "project_id", displayName: "name", labels: "labels", parent: "parent")
        static let v3 = Paths(
            id: "project.project_id", displayName: "project.display_name", labels: "project.labels",
            parent: "project.parent")
    }

    /// The name for people: the id, where the request has none.
    ///
    /// - Throws: `INVALID_ARGUMENT` for one that no project can have.
    func checkedName() throws -> String {
        let name = displayName.isEmpty ? id : displayName
        try ProjectRules.check(displayName: name, field: paths.displayName)
        return name
    }

    /// - Throws: `INVALID_ARGUMENT` for labels that no project can have.
    func checkedLabels() throws -> [String: String] {
        try ProjectRules.check(labels: labels, field: paths.labels)
        return labels
    }
}
