/// One permission or many, as deny rules write them: `run.googleapis.com/jobs.run`, `run.googleapis.com/jobs.*`,
/// `run.googleapis.com/*.delete`, `run.googleapis.com/*.*`.
public struct PermissionPattern: Hashable, Sendable, CustomStringConvertible {
    /// How a deny rule writes it.
    public let description: String
    /// The permissions that it means: those of them that are known.
    public let permissions: PermissionSet

    /// Reads a pattern; nil when it is none, or means no permission that is known.
    public init?(_ text: String) {
        description = text
        guard text.utf8.count <= 200 else { return nil }
        permissions = text.contains("*") ? Self.wildcard(text) : Self.single(text)
        if permissions.isEmpty { return nil }
    }

    private static func single(_ text: String) -> PermissionSet {
        PermissionSet([Permission(denyName: text).flatMap { PermissionTable.known.id(of: $0) }].compactMap { $0 })
    }

    private static func wildcard(_ text: String) -> PermissionSet {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let dot = halves[1].lastIndex(of: ".") else { return PermissionSet() }
        let (resource, verb) = (halves[1][..<dot], halves[1][halves[1].index(after: dot)...])
        let known = PermissionTable.known.all.filter { known in
            known.permission.host == halves[0] && (resource == "*" || resource == known.permission.ownResource)
                && (verb == "*" || verb == known.permission.verb)
        }
        return PermissionSet(known.map(\.id))
    }
}
