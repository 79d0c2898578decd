import Methods
import OCI
import Registry

/// Which tags a list shows: those of one version, by `version="…/versions/sha256:…"`, or all.
struct TagFilter {
    /// Nil for all.
    let version: Digest?

    /// Reads a filter; an empty one lets everything through.
    ///
    /// - Throws: `INVALID_ARGUMENT` for any other form.
    init(_ text: String) throws {
        guard !text.isEmpty else {
            version = nil
            return
        }
        let prefix = "version=\""
        guard text.hasPrefix(prefix), text.hasSuffix("\""), text.utf8.count > prefix.utf8.count,
            let last = text.dropFirst(prefix.count).dropLast().split(separator: "/").last,
            let digest = Digest(String(last))
        else {
            throw ServiceError.invalidArgument(
                "Tags can be filtered by version=\"NAME OF A VERSION\" alone.", field: "filter")
        }
        version = digest
    }
}
