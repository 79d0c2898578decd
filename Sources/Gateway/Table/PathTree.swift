/// The templates of one API as a tree over path segments, with a value at the end of each.
///
/// Where several match, a literal goes before `*` and `*` before `**`. A tree and not a list, so that the
/// cost of a look-up grows with the length of the path and not with the number of methods.
struct PathTree<Value: Sendable>: Sendable {
    /// What distinguishes values at the same place: the HTTP verb and the custom verb.
    private struct Key: Hashable {
        let verb: Substring
        let custom: Substring?
    }

    private struct Node {
        var literals: [Substring: Int] = [:]
        var one: Int?
        var ending: [Key: Leaf] = [:]
        var endingInRest: [Key: Leaf] = [:]
    }

    private struct Leaf {
        let value: Value
        let variables: [PathTemplate.Variable]
    }

    /// What a path was found to be.
    struct Match {
        let value: Value
        /// The fields that the path fills, decoded.
        let bindings: [(fieldPath: [String], value: String)]
    }

    private static var slash: UInt8 { UInt8(ascii: "/") }

    private var nodes = [Node()]

    /// - Returns: false, and changes nothing, when another value is already reached by the same verb and paths.
    mutating func insert(_ value: Value, verb: String, template: PathTemplate) -> Bool {
        var at = 0
        var endsInRest = false
        for segment in template.segments {
            switch segment {
            case .literal(let text): at = child(of: at, at: \.literals[text[...]])
            case .one: at = child(of: at, at: \.one)
            case .rest: endsInRest = true
            }
        }
        let key = Key(verb: verb[...], custom: template.verb?[...])
        let ends = endsInRest ? \Node.endingInRest : \Node.ending
        guard nodes[at][keyPath: ends][key] == nil else { return false }
        nodes[at][keyPath: ends][key] = Leaf(value: value, variables: template.variables)
        return true
    }

    private mutating func child(of index: Int, at place: WritableKeyPath<Node, Int?>) -> Int {
        if let child = nodes[index][keyPath: place] { return child }
        nodes.append(Node())
        nodes[index][keyPath: place] = nodes.count - 1
        return nodes.count - 1
    }

    /// Finds the value for a path as it came in the request, still percent-encoded.
    ///
    /// A colon in the last segment starts a custom verb where there is such a verb, and is part of the name elsewhere.
    func match(verb: String, path: String) -> Match? {
        // Bytes and not characters, which take far longer to tell apart: a segment is whatever stands between slashes.
        guard path.utf8.first == Self.slash else { return nil }
        var segments = path.utf8.dropFirst().split(separator: Self.slash, omittingEmptySubsequences: false)
            .map(Substring.init)
        if let last = segments.last, let colon = last.utf8.lastIndex(of: UInt8(ascii: ":")) {
            let key = Key(verb: verb[...], custom: last[last.index(after: colon)...])
            segments[segments.count - 1] = last[..<colon]
            if let match = match(key, segments) { return match }
            segments[segments.count - 1] = last
        }
        return match(Key(verb: verb[...], custom: nil), segments)
    }

    private func match(_ key: Key, _ segments: [Substring]) -> Match? {
        guard let leaf = leaf(key, segments[...], from: 0) else { return nil }
        var bindings: [(fieldPath: [String], value: String)] = []
        for variable in leaf.variables {
            let end = variable.takesRest ? segments.count : variable.segments.upperBound
            let taken = segments[variable.segments.lowerBound..<end]
            guard let value = PercentEncoding.decode(path: taken, isCompound: variable.isCompound) else { return nil }
            bindings.append((variable.fieldPath, value))
        }
        return Match(value: leaf.value, bindings: bindings)
    }

    private func leaf(_ key: Key, _ segments: ArraySlice<Substring>, from index: Int) -> Leaf? {
        guard let first = segments.first else { return nodes[index].ending[key] ?? nodes[index].endingInRest[key] }
        if let next = nodes[index].literals[first], let found = leaf(key, segments.dropFirst(), from: next) {
            return found
        }
        if !first.isEmpty, let next = nodes[index].one, let found = leaf(key, segments.dropFirst(), from: next) {
            return found
        }
        return nodes[index].endingInRest[key]
    }
}
