import Directory
import Methods

/// A page of folders, by number.
struct FolderPage {
    var folders: [FolderRecord]
    /// Empty on the last page.
    var nextToken: String

    /// - Throws: `INVALID_ARGUMENT` for a wrong size or token.
    init(_ all: [FolderRecord], size: Int32, token: String, scope: [String]) throws {
        let last = try PageToken.read(token, as: String.self, scope: scope)
        let limit = try PageSize.read(size, default: 300, maximum: 300)
        let rest = all.filter { folder in last.map { folder.number > $0 } ?? true }
        folders = Array(rest.prefix(limit))
        nextToken = ""
        if rest.count > limit, let end = folders.last {
            nextToken = try PageToken.make(after: end.number, scope: scope)
        }
    }
}
