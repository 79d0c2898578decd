/// Groups of people and service accounts, which may contain groups.
///
/// A group may contain itself through others. There is no depth at which membership ends: a limit that cut it off
/// would let people slip out of a deny rule.
public struct Groups: Hashable, Sendable {
    /// Members of one group, other groups among them.
    public static let maximumMembers = 10_000
    /// Groups of an installation.
    public static let maximumGroups = 10_000

    private var members: [String: Set<Member>] = [:]
    /// The groups that each member is directly in.
    private var parents: [Member: Set<String>] = [:]

    /// No groups.
    public init() {}

    /// The addresses of all groups, sorted.
    public var addresses: [String] { members.keys.sorted() }

    /// Whether there is a group of this address.
    public func contains(_ address: String) -> Bool { members[address] != nil }

    /// Who is directly in a group; nil when there is none of this address.
    public func members(of address: String) -> Set<Member>? { members[address] }

    /// Everyone and every group that is directly in some group.
    public var allMembers: some Collection<Member> { parents.keys }

    /// Makes a group of these members, or replaces those of an existing one.
    public mutating func set(_ wanted: Set<Member>, of address: String) throws(GroupError) {
        guard wanted.count <= Self.maximumMembers else { throw .tooManyMembers }
        guard contains(address) || members.count < Self.maximumGroups else { throw .tooManyGroups }
        if let wrong = wanted.filter({ !$0.canBeInGroup }).map(\.text).min() { throw .notAllowed(wrong) }
        clear(address)
        members[address] = wanted
        for member in wanted { parents[member, default: []].insert(address) }
    }

    /// Removes a group, also from the groups that contain it: a later one of the same address inherits nothing.
    public mutating func remove(_ address: String) {
        clear(address)
        removeEverywhere(.group(address))
    }

    private mutating func clear(_ address: String) {
        for member in members.removeValue(forKey: address) ?? [] {
            parents[member]?.remove(address)
            if parents[member]?.isEmpty == true { parents[member] = nil }
        }
    }

    /// Removes a deleted person, service account or group from every group.
    public mutating func removeEverywhere(_ member: Member) {
        for address in parents.removeValue(forKey: member) ?? [] { members[address]?.remove(member) }
    }

    /// The groups that a member is in, directly or through other groups; sorted.
    public func memberships(of member: Member) -> [String] {
        var found = parents[member] ?? []
        var next = Array(found)
        while let address = next.popLast() {
            for parent in parents[.group(address)] ?? [] where found.insert(parent).inserted { next.append(parent) }
        }
        return found.sorted()
    }
}

extension Member {
    /// Whether a group may contain it.
    fileprivate var canBeInGroup: Bool {
        switch self {
        case .user, .serviceAccount, .group: true
        default: false
        }
    }
}

/// Why a group cannot be changed.
public enum GroupError: Error, Hashable, Sendable {
    /// More than `Groups.maximumMembers`.
    case tooManyMembers
    /// More than `Groups.maximumGroups`.
    case tooManyGroups
    /// Only people, service accounts and groups can be in a group; the text of what is none.
    case notAllowed(String)
}
