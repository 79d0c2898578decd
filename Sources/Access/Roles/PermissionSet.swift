/// Known permissions, a bit for each: what a role contains.
public struct PermissionSet: Hashable, Sendable {
    /// The bits, without zeros at the end, so that equal sets have equal words.
    private var words: [UInt64] = []

    /// The empty set.
    public init() {}

    /// The set of what `ids` has.
    public init(_ ids: some Sequence<PermissionID>) {
        for id in ids { insert(id) }
    }

    /// Whether it has a permission: a look at one word.
    public func contains(_ id: PermissionID) -> Bool {
        let word = Int(id.rawValue >> 6)
        return word < words.count && words[word] & (1 << UInt64(id.rawValue & 63)) != 0
    }

    /// Whether it has a permission; false for one that nobody knows.
    public func contains(_ permission: Permission) -> Bool {
        PermissionTable.known.id(of: permission).map(contains) ?? false
    }

    /// Adds a permission.
    ///
    /// - Returns: whether it was missing.
    @discardableResult
    public mutating func insert(_ id: PermissionID) -> Bool {
        let word = Int(id.rawValue >> 6)
        let bit: UInt64 = 1 << UInt64(id.rawValue & 63)
        if word >= words.count { words += Array(repeating: 0, count: word + 1 - words.count) }
        defer { words[word] |= bit }
        return words[word] & bit == 0
    }

    /// Adds all that another set has.
    public mutating func formUnion(_ other: PermissionSet) {
        if words.count < other.words.count { words += Array(repeating: 0, count: other.words.count - words.count) }
        for (index, word) in other.words.enumerated() { words[index] |= word }
    }

    /// What it has and another set has not.
    public func subtracting(_ other: PermissionSet) -> PermissionSet {
        var rest = self
        for (index, word) in other.words.prefix(words.count).enumerated() { rest.words[index] &= ~word }
        while rest.words.last == 0 { rest.words.removeLast() }
        return rest
    }

    /// Whether another set has all that this one has.
    public func isSubset(of other: PermissionSet) -> Bool {
        words.count <= other.words.count && zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
    }

    /// Whether both have some permission.
    public func intersects(_ other: PermissionSet) -> Bool {
        zip(words, other.words).contains { $0 & $1 != 0 }
    }

    /// How many permissions both have.
    public func count(sharedWith other: PermissionSet) -> Int {
        zip(words, other.words).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount }
    }

    /// How many permissions it has.
    public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether it has none.
    public var isEmpty: Bool { words.isEmpty }

    /// Its permissions, sorted by name.
    public var permissions: [Permission] {
        map { PermissionTable.known[$0].permission }.sorted { $0.name < $1.name }
    }
}

extension PermissionSet: Sequence {
    /// The permissions in the order of their numbers.
    public func makeIterator() -> AnyIterator<PermissionID> {
        var word = 0
        var rest = words.first ?? 0
        return AnyIterator { [words] in
            while rest == 0 {
                word += 1
                guard word < words.count else { return nil }
                rest = words[word]
            }
            defer { rest &= rest - 1 }
            return PermissionID(UInt16(word * 64 + rest.trailingZeroBitCount))
        }
    }
}
