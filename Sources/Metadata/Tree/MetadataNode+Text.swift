extension MetadataNode {
    /// The node by itself: a value, several on a line each, or the names in a directory. nil for a token.
    var text: String? {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .list(let values): values.map { "\($0)\n" }.joined()
        case .directory(let entries):
            entries.map { "\($0.name)\($0.node.isDirectory ? "/" : "")\n" }.joined()
        case .accessToken, .identityToken: nil
        }
    }

    /// Everything below, a line for each value: its path, a blank, the value.
    var recursiveText: String {
        var lines = ""
        write(to: &lines, path: "")
        return lines
    }

    private func write(to lines: inout String, path: String) {
        switch self {
        case .directory(let entries):
            for entry in entries where !entry.node.isSecret {
                entry.node.write(to: &lines, path: path.isEmpty ? entry.name : "\(path)/\(entry.name)")
            }
        case .list(let values): for value in values { lines += "\(path) \(value)\n" }
        default: lines += "\(path) \(text ?? "")\n"
        }
    }
}
