extension PatternParser {
    /// What comes after a backslash and stands for one scalar.
    mutating func escapedSet() throws(PatternError) -> ScalarSet {
        guard let scalar = take() else { throw PatternError("it ends with a backslash") }
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet.digits.inverted
        case "w": return .word
        case "W": return ScalarSet.word.inverted
        case "s": return .space
        case "S": return ScalarSet.space.inverted
        case "n": return .newline
        case "t": return ScalarSet("\t")
        case "r": return ScalarSet("\r")
        case "f": return ScalarSet("\u{0C}")
        case "v": return ScalarSet("\u{0B}")
        case "a": return ScalarSet("\u{07}")
        case "x": return ScalarSet(try hexadecimal())
        case "0"..."9": throw PatternError("back-references are not supported")
        case "a"..."z", "A"..."Z": throw PatternError("unknown escape '\\\(scalar)'")
        default: return ScalarSet(scalar)
        }
    }

    private mutating func hexadecimal() throws(PatternError) -> Unicode.Scalar {
        var digits = ""
        if take("{") {
            while let digit = take(), digit != "}" { digits.unicodeScalars.append(digit) }
        } else {
            for _ in 0..<2 { if let digit = take() { digits.unicodeScalars.append(digit) } }
        }
        guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw PatternError("bad escape '\\x\(digits)'")
        }
        return scalar
    }

    /// The rest of `[…]`, after the bracket.
    mutating func bracketSet() throws(PatternError) -> ScalarSet {
        let isNegated = take("^")
        var set = ScalarSet()
        var isFirst = true
        while let scalar = take() {
            if scalar == "]", !isFirst { return isNegated ? set.inverted : set }
            isFirst = false
            if scalar == "[", next == ":" {
                set.formUnion(try posixClass())
                continue
            }
            let low = scalar == "\\" ? try escapedSet() : ScalarSet(scalar)
            set.formUnion(try range(from: low) ?? low)
        }
        throw PatternError("missing ']'")
    }

    /// `a-z`, when a hyphen and something other than `]` come next.
    private mutating func range(from low: ScalarSet) throws(PatternError) -> ScalarSet? {
        guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else { return nil }
        position += 1
        guard let scalar = take() else { throw PatternError("missing ']'") }
        let high = scalar == "\\" ? try escapedSet() : ScalarSet(scalar)
        guard let first = low.ranges.first?.lowerBound, let last = high.ranges.first?.upperBound,
            low.ranges.count == 1, high.ranges.count == 1, first <= last
        else { throw PatternError("bad range in [ ]") }
        return ScalarSet([first...last])
    }

    private mutating func posixClass() throws(PatternError) -> ScalarSet {
        _ = take(":")
        let isNegated = take("^")
        var name = ""
        while let scalar = take(), scalar != ":" { name.unicodeScalars.append(scalar) }
        guard take("]"), let set = ScalarSet.posix(name) else { throw PatternError("unknown class [:\(name):]") }
        return isNegated ? set.inverted : set
    }
}
