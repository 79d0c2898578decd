/// Puts the values of variables where words have `$(NAME)` (Kubernetes, commands and arguments of a container): unknown
/// names stay as they are, and `$$` stands for a dollar sign.
struct VariableExpansion: Sendable {
    let variables: [String: String]

    func expanded(_ word: String) -> String {
        guard word.utf8.contains(UInt8(ascii: "$")) else { return word }
        var result = ""
        var rest = word[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
            } else if rest.first == "(", let end = rest.firstIndex(of: ")"),
                let value = variables[String(rest[rest.index(after: rest.startIndex)..<end])]
            {
                result += value
                rest = rest[rest.index(after: end)...]
            } else {
                result += "$"
            }
        }
        return result + rest
    }
}
