/// A set of Unicode scalars that one position of a pattern accepts.
struct ScalarSet: Hashable, Sendable {
    static let newline = ScalarSet([10...10])
    static let everything = ScalarSet([0...0x10FFFF])
    static let digits = ScalarSet([48...57])
    static let word = ScalarSet([48...57, 65...90, 95...95, 97...122])
    static let space = ScalarSet([9...10, 12...13, 32...32])

    private(set) var ranges: [ClosedRange<UInt32>]

    init(_ ranges: [ClosedRange<UInt32>] = []) { self.ranges = ranges }

    init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

    func contains(_ value: UInt32) -> Bool {
        for range in ranges where range.contains(value) { return true }
        return false
    }

    mutating func formUnion(_ other: ScalarSet) { ranges += other.ranges }

    var inverted: ScalarSet {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
        return ScalarSet(gaps)
    }

    /// The set with the other case of each of its letters; of large ranges only ASCII letters are doubled.
    var ignoringCase: ScalarSet {
        var folded = self
        for range in ranges {
            let values = range.count <= 64 ? range : (range.clamped(to: 0...127))
            for case let scalar? in values.lazy.map(Unicode.Scalar.init) {
                for mapped in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
                    guard let other = mapped.unicodeScalars.first, mapped.unicodeScalars.count == 1,
                        !folded.contains(other.value)
                    else { continue }
                    folded.ranges.append(other.value...other.value)
                }
            }
        }
        return folded
    }

    /// The POSIX class of a name such as `alpha`.
    static func posix(_ name: String) -> ScalarSet? {
        switch name {
        case "alnum": ScalarSet([48...57, 65...90, 97...122])
        case "alpha": ScalarSet([65...90, 97...122])
        case "ascii": ScalarSet([0...127])
        case "blank": ScalarSet([9...9, 32...32])
        case "cntrl": ScalarSet([0...31, 127...127])
        case "digit": digits
        case "graph": ScalarSet([33...126])
        case "lower": ScalarSet([97...122])
        case "print": ScalarSet([32...126])
        case "punct": ScalarSet([33...47, 58...64, 91...96, 123...126])
        case "space": ScalarSet([9...13, 32...32])
        case "upper": ScalarSet([65...90])
        case "word": word
        case "xdigit": ScalarSet([48...57, 65...70, 97...102])
        default: nil
        }
    }
}
