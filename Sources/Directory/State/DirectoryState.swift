import Access
import FoundationEssentials

/// Everything that access depends on, as it is at one moment.
public struct DirectoryState: Sendable {
    /// What the records come to, arranged for decisions.
    public private(set) var access: AccessIndex

    /// By number.
    public internal(set) var organizations = Table<OrganizationRecord>()
    /// By number.
    public internal(set) var folders = Table<FolderRecord>()
    /// By id.
    public internal(set) var projects = Table<ProjectRecord>()
    /// By the project's id.
    public internal(set) var services = Table<EnabledServices>()
    /// By unique id, deleted ones among them.
    public internal(set) var serviceAccounts = Table<ServiceAccountRecord>()
    /// By the account's unique id.
    public internal(set) var serviceAccountKeys = Table<AccountKeysRecord>()
    /// By address.
    public internal(set) var groups = Table<GroupRecord>()
    /// By path, deleted ones among them.
    public internal(set) var identityPools = Table<IdentityPoolRecord>()
    /// By path, deleted ones among them.
    public internal(set) var identityProviders = Table<IdentityProviderRecord>()
    /// By path.
    public internal(set) var deletedSubjects = Table<DeletedSubjectRecord>()
    /// By name.
    public internal(set) var roles = Table<CustomRole>()
    /// By the full name of what each is bound to.
    public internal(set) var policies = Table<PolicyRecord>()
    /// By what each is attached to, and id.
    public internal(set) var denyPolicies = Table<DenyPolicyRecord>()
    /// By what each is set on, and constraint.
    public internal(set) var organizationPolicies = Table<OrganizationPolicyRecord>()
    /// By full name.
    public internal(set) var repositories = Table<RepositoryRecord>()
    /// By full name.
    public internal(set) var secrets = Table<SecretRecord>()

    /// By owner.
    public internal(set) var loginProfiles = Table<LoginProfileRecord>()

    /// All kinds of records: those that others depend on first.
    private static let kinds: [any DirectoryRecord.Type] = [
        OrganizationRecord.self, FolderRecord.self, ProjectRecord.self, EnabledServices.self,
        ServiceAccountRecord.self, AccountKeysRecord.self, GroupRecord.self, IdentityPoolRecord.self,
        IdentityProviderRecord.self, DeletedSubjectRecord.self, CustomRole.self, PolicyRecord.self,
        DenyPolicyRecord.self,
        OrganizationPolicyRecord.self, RepositoryRecord.self, SecretRecord.self, LoginProfileRecord.self,
    ]

    /// A state in which nothing exists.
    public init() {
        access = AccessIndex(catalog: .predefined, principals: PrincipalDirectory(accounts: [:]))
    }

    /// The state that consists of these records.
    ///
    /// - Throws: `DirectoryError.unreadable`
    public init(_ records: [StoredRecord]) throws {
        self.init()
        let byKind = Dictionary(grouping: records, by: \.kind)
        for kind in Self.kinds { try load(kind, from: byKind[kind.kind] ?? []) }
        let known = Set(Self.kinds.map { $0.kind })
        if let stranger = records.first(where: { !known.contains($0.kind) }) {
            throw DirectoryError.unreadable(kind: stranger.kind, key: stranger.key)
        }
    }

    private mutating func load<Record: DirectoryRecord>(_: Record.Type, from stored: [StoredRecord]) throws {
        var waiting = stored
        // Folders lie in folders: those whose parent has not come yet wait for the next round.
        while !waiting.isEmpty {
            let count = waiting.count
            waiting = try waiting.filter { stored in
                guard let record = try? JSONDecoder().decode(Record.self, from: stored.value) else {
                    throw DirectoryError.unreadable(kind: stored.kind, key: stored.key)
                }
                do {
                    try put(record)
                    return false
                } catch HierarchyError.noParent {
                    return true
                }
            }
            guard waiting.count < count else {
                throw DirectoryError.unreadable(kind: waiting[0].kind, key: waiting[0].key)
            }
        }
    }

    /// Adds a record, or replaces the one of its key.
    ///
    /// - Returns: whether that changes anything.
    @discardableResult
    mutating func put<Record: DirectoryRecord>(_ record: Record) throws -> Bool {
        let old = self[keyPath: Record.table][record.key]
        guard old != record else { return false }
        try Record.apply(old, record, to: &access)
        self[keyPath: Record.table][record.key] = record
        return true
    }

    /// Removes a record; nothing happens when there is none of its key.
    @discardableResult
    mutating func remove<Record: DirectoryRecord>(_ record: Record) throws -> Bool {
        guard let old = self[keyPath: Record.table][record.key] else { return false }
        try Record.apply(old, nil, to: &access)
        self[keyPath: Record.table][record.key] = nil
        return true
    }
}
