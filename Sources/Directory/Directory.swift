import Access
import Synchronization

/// Everything that access depends on, in memory, and kept on disk: organizations, folders, projects, accounts, groups,
/// roles and policies.
///
/// Reading never waits. A change is a transaction: it sees what all changes before it left, is on disk before it is in
/// force, and is in force for every read that begins after it returned.
public final class Directory: Sendable {
    /// A state in a box, so that taking it for a decision costs one reference.
    private final class Snapshot: Sendable {
        let state: DirectoryState

        init(_ state: DirectoryState) { self.state = state }
    }

    private let store: any RecordStore
    private let current: Mutex<Snapshot>
    private let line = ChangeLine()

    /// Takes up what is kept in a store. Nobody else may write there from now on.
    ///
    /// - Throws: `DirectoryError.unreadable`, and what the store throws.
    public init(_ store: any RecordStore) throws {
        self.store = store
        current = Mutex(Snapshot(try DirectoryState(store.records())))
    }

    /// Everything as it is now. A value: it does not change while it is looked at.
    public var state: DirectoryState { current.withLock(\.self).state }

    /// Decides whether a principal may do something to a resource, as `AccessIndex.decide` does.
    public func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Decision {
        current.withLock(\.self).state.access.decide(principal, permission, on: resource, in: context)
    }

    /// Whether any policy asks for the logging of calls that are no changes.
    public var logsMoreThanChanges: Bool { current.withLock(\.self).state.access.logsMoreThanChanges }

    /// Whether a call is to be logged besides changes, as `AccessIndex.logs` says.
    public func logs(
        _ type: AuditConfig.LogType, of service: String, by principal: Principal, on resource: Resource
    ) -> Bool {
        current.withLock(\.self).state.access.logs(type, of: service, by: principal, on: resource)
    }

    /// Changes something: all of it, or nothing.
    ///
    /// - Parameter body: makes the change in a draft of the present state. What it throws is passed on, and nothing is
    ///   changed.
    /// - Returns: what `body` returned, once the change is on disk and in force.
    /// - Throws: also what the store throws when it cannot write.
    @discardableResult
    public func change<Result: Sendable>(
        _ body: @escaping @Sendable (inout DirectoryDraft) throws -> Result
    ) async throws -> Result {
        try await line.run { [self] in
            var draft = DirectoryDraft(state)
            let result = try body(&draft)
            guard !draft.changes.isEmpty else { return result }
            try await store.write(draft.changes)
            let snapshot = Snapshot(draft.state)
            current.withLock { $0 = snapshot }
            return result
        }
    }
}

/// Lets changes be made one after the other, in the order of their coming. One that was begun is completed, also when
/// its caller has gone.
private actor ChangeLine {
    private var last: Task<Void, Never>?

    func run<Result: Sendable>(_ change: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let before = last
        let task = Task {
            await before?.value
            return try await change()
        }
        last = Task { _ = await task.result }
        return try await task.value
    }
}
