/// Reads the syntax of RE2. What RE2 lacks, such as back-references and look-around, is refused.
struct PatternParser {
    private static let deepestNesting = 50
    private static let mostRepetitions = 1000

    private struct Flags {
        var ignoresCase = false
        var multiline = false
        var dotMatchesNewline = false
    }

    var scalars: [Unicode.Scalar]
    var position = 0
    private var flags = Flags()
    private var depth = 0

    static func parse(_ text: String) throws(PatternError) -> PatternNode {
        var parser = PatternParser(scalars: Array(text.unicodeScalars))
        let node = try parser.choice()
        guard parser.next == nil else { throw PatternError("unexpected ')'") }
        return node
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func take() -> Unicode.Scalar? {
        guard let scalar = next else { return nil }
        position += 1
        return scalar
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    private mutating func choice() throws(PatternError) -> PatternNode {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var items: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            if take("\\Q") {
                while position < scalars.count, !take("\\E") {
                    if let scalar = take() { items.append(literal(scalar)) }
                }
                if let last = items.popLast() { items.append(try repetition(of: last)) }
            } else {
                let item = try atom()
                items.append(try repetition(of: item))
            }
        }
        return items.count == 1 ? items[0] : .sequence(items)
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        guard let scalar = take() else { throw PatternError("it ends too early") }
        switch scalar {
        case "(": return try group()
        case "[": return .set(cased(try bracketSet()))
        case ".": return .set(flags.dotMatchesNewline ? .everything : ScalarSet.newline.inverted)
        case "^": return .assertion(flags.multiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.multiline ? .lineEnd : .textEnd)
        case "*", "+", "?": throw PatternError("nothing to repeat before '\(scalar)'")
        case "\\": return try escape()
        default: return literal(scalar)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> PatternNode { .set(cased(ScalarSet(scalar))) }

    private func cased(_ set: ScalarSet) -> ScalarSet { flags.ignoresCase ? set.ignoringCase : set }

    private mutating func group() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else { throw PatternError("it is nested too deeply") }
        let outer = flags
        if take("?") {
            if take("P<") || (next == "<" && take("<")) {
                if next == "=" || next == "!" { throw PatternError("look-behind is not supported") }
                while let scalar = take(), scalar != ">" {}
            } else if try !groupFlags() {
                return .empty
            }
        }
        let node = try choice()
        guard take(")") else { throw PatternError("missing ')'") }
        flags = outer
        return node
    }

    /// Reads `i:` of `(?i:…)`, or all of `(?i)`; false when the flags are for the rest of the group around.
    private mutating func groupFlags() throws(PatternError) -> Bool {
        var value = true
        while let scalar = take() {
            switch scalar {
            case ":": return true
            case ")": return false
            case "-": value = false
            case "i": flags.ignoresCase = value
            case "m": flags.multiline = value
            case "s": flags.dotMatchesNewline = value
            case "U": break
            case "=", "!": throw PatternError("look-ahead is not supported")
            default: throw PatternError("unknown flag '\(scalar)'")
            }
        }
        throw PatternError("missing ')'")
    }

    private mutating func repetition(of item: PatternNode) throws(PatternError) -> PatternNode {
        var node = item
        while true {
            if take("*") {
                node = .repeated(node, least: 0, most: nil)
            } else if take("+") {
                node = .repeated(node, least: 1, most: nil)
            } else if take("?") {
                // After another repetition it only asks for the shorter match, which changes no answer here.
                node = .repeated(node, least: 0, most: 1)
            } else if next == "{", let bounds = try counts() {
                node = .repeated(node, least: bounds.least, most: bounds.most)
            } else {
                return node
            }
            _ = take("?")
        }
    }

    /// Reads `{2}`, `{2,}` or `{2,5}`; nil, having read nothing, when the brace is a plain character.
    private mutating func counts() throws(PatternError) -> (least: Int, most: Int?)? {
        guard let end = scalars[position...].firstIndex(of: "}") else { return nil }
        let text = String(String.UnicodeScalarView(scalars[(position + 1)..<end]))
        let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let least = Int(first), least >= 0 else { return nil }
        var most: Int? = least
        if parts.count == 2 {
            most = Int(parts[1])
            guard most != nil || parts[1].isEmpty else { return nil }
        }
        guard max(least, most ?? 0) <= Self.mostRepetitions, least <= most ?? least else {
            throw PatternError("bad repetition {\(text)}")
        }
        position = end + 1
        return (least, most)
    }

    private mutating func escape() throws(PatternError) -> PatternNode {
        switch next {
        case "A": position += 1; return .assertion(.textStart)
        case "z", "Z": position += 1; return .assertion(.textEnd)
        case "b": position += 1; return .assertion(.wordBoundary)
        case "B": position += 1; return .assertion(.noWordBoundary)
        default: return .set(cased(try escapedSet()))
        }
    }
}
