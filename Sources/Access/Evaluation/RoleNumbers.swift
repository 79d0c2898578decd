/// Roles by small numbers, and which of them contain each permission.
struct RoleNumbers: Sendable {
    private var numbers: [String: Int] = [:]
    /// By number. A name that a policy has and no role bears is nil: it grants nothing until it is defined.
    private var roles: [Role?] = []
    private(set) var names: [String] = []
    /// By permission.
    private var holders: [RoleSet]

    init(_ roles: some Sequence<Role>) {
        holders = Array(repeating: RoleSet(), count: PermissionTable.known.count)
        for role in roles { define(role) }
    }

    /// The number of a role's name.
    mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        numbers[name] = names.count
        names.append(name)
        roles.append(nil)
        return names.count - 1
    }

    /// The roles that contain a permission.
    func holders(of permission: PermissionID) -> RoleSet { holders[Int(permission.rawValue)] }

    /// Adds a role or changes what it contains.
    mutating func define(_ role: Role) {
        undefine(role.name)
        let number = number(of: role.name)
        roles[number] = role
        for permission in role.permissions { holders[Int(permission.rawValue)].insert(number) }
    }

    /// Removes a role. Bindings of it grant nothing.
    mutating func undefine(_ name: String) {
        guard let number = numbers[name], let role = roles[number] else { return }
        for permission in role.permissions { holders[Int(permission.rawValue)].remove(number) }
        roles[number] = nil
    }
}

/// A set of roles by their numbers.
struct RoleSet: Hashable, Sendable {
    /// 64 numbers each.
    private(set) var words: [UInt64] = []

    init() {}

    init(_ numbers: [Int]) {
        for number in numbers { insert(number) }
    }

    /// The words, and zeros after them.
    func padded(to count: Int) -> [UInt64] { words + Array(repeating: 0, count: count - words.count) }

    /// Whether it has a number of the set whose words are in the midst of others.
    @inline(__always)
    func intersects(_ others: [UInt64], at start: Int, count: Int) -> Bool {
        for index in 0..<min(count, words.count) where words[index] & others[start + index] != 0 { return true }
        return false
    }

    func contains(_ number: Int) -> Bool {
        let word = number >> 6
        return word < words.count && words[word] & (1 << UInt64(number & 63)) != 0
    }

    mutating func insert(_ number: Int) {
        let word = number >> 6
        if word >= words.count { words += Array(repeating: 0, count: word + 1 - words.count) }
        words[word] |= 1 << UInt64(number & 63)
    }

    mutating func remove(_ number: Int) {
        guard contains(number) else { return }
        words[number >> 6] &= ~(1 << UInt64(number & 63))
    }
}
