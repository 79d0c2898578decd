import Access
import FoundationEssentials

/// Somebody of a workforce pool who was deleted: may not sign in until undeleted, or until 30 days have passed.
public struct DeletedSubjectRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "deletedSubject"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.deletedSubjects }
    /// Deleted subjects that a pool can have.
    public static let most = 10_000

    /// The pool.
    public var pool: Pool
    /// What the pool's providers map to `google.subject`.
    public var subject: String
    /// When.
    public var deletedAt: Date

    /// Makes a record of its parts.
    public init(_ subject: String, of pool: Pool, deletedAt: Date) {
        self.pool = pool
        self.subject = subject
        self.deletedAt = deletedAt
    }

    /// What it is kept by: `locations/global/workforcePools/staff/subjects/alice`.
    public var key: String { Self.key(subject, of: pool) }

    /// Whether it still counts.
    public func counts(at now: Date) -> Bool { now.timeIntervalSince(deletedAt) < IdentityPoolRecord.undeletable }

    static func key(_ subject: String, of pool: Pool) -> String { "\(pool.path)/subjects/\(subject)" }
}

extension DirectoryState {
    /// The record of a subject that is deleted; nil for others.
    public func deletedSubject(_ subject: String, of pool: Pool, at now: Date) -> DeletedSubjectRecord? {
        deletedSubjects[DeletedSubjectRecord.key(subject, of: pool)].flatMap { $0.counts(at: now) ? $0 : nil }
    }
}

extension DirectoryDraft {
    /// Deletes a subject.
    ///
    /// - Throws: `DirectoryError.limitReached`
    public mutating func deleteSubject(_ record: DeletedSubjectRecord) throws {
        var count = 0
        for other in state.deletedSubjects.all where other.pool == record.pool {
            if other.counts(at: record.deletedAt) { count += 1 } else { try remove(other) }
        }
        guard count < DeletedSubjectRecord.most else { throw DirectoryError.limitReached(DeletedSubjectRecord.most) }
        try put(record)
    }
}
