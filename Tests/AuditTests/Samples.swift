import Access
import Audit
import FoundationEssentials
import Logbook
import Methods
import Schema
import SwiftProtobuf
import Synchronization

/// Has the projects `demo` and `other` and the organization 7 with the workforce pool `staff`; logs the types that it is told to.
struct FakeDirectory: AuditDirectory {
    var types: Set<AuditConfig.LogType> = []
    var logsMoreThanChanges: Bool { !types.isEmpty }

    func exists(_ container: Resource) -> Bool {
        [.project("demo"), .project("other"), .organization("7")].contains(container)
    }

    func organization(ofWorkforcePool id: String) -> String? { id == "staff" ? "7" : nil }

    func logs(
        _ type: AuditConfig.LogType, of service: String, by principal: Principal, on resource: Resource
    ) -> Bool { types.contains(type) }
}

/// Keeps entries in memory; can refuse them as a full disk does.
final class MemoryLog: Sendable {
    private let state = Mutex((entries: [LogEntry](), isFull: false, attempts: 0))

    var entries: [LogEntry] { state.withLock(\.entries) }
    var attempts: Int { state.withLock(\.attempts) }
    var isFull: Bool {
        get { state.withLock(\.isFull) }
        set { state.withLock { $0.isFull = newValue } }
    }

    func append(_ entries: [LogEntry]) throws {
        try state.withLock { state in
            state.attempts += 1
            if state.isFull { throw LogbookError.noSpace }
            state.entries += entries
        }
    }

    /// Waits until so many entries have come.
    func wait(for count: Int) async throws {
        while entries.count < count { try await Task.sleep(for: .milliseconds(2)) }
    }
}

let alice = Principal.user("alice@example.com")

func allowed(_ permission: Permission, on resource: Resource, named: Resource? = nil) -> AccessCheck {
    AccessCheck(
        permission, on: resource, named: named,
        .allowed(Grant(role: "roles/owner", member: alice.ownMember, boundOn: resource)))
}

func denied(_ permission: Permission, on resource: Resource) -> AccessCheck {
    AccessCheck(
        permission, on: resource, .denied(Denial(principal: alice, permission: permission, resource: resource)))
}

func location(_ project: String) -> Resource {
    .other(service: "batch.googleapis.com", path: "projects/\(project)/locations/l", project: project)
}

/// A call of alice's that creates a job, unless it is changed.
func call(
    _ service: String = "batch.googleapis.com", _ method: String = "google.cloud.batch.v1.BatchService.CreateJob",
    by caller: Principal? = alice, checks: [AccessCheck] = [allowed("batch.jobs.create", on: location("demo"))],
    request: (any Message & Sendable)? = nil, bytes: Int = 10, error: ServiceError? = nil, second: Int = 0
) -> EndedCall {
    EndedCall(
        service: service, method: method, caller: caller.map { Caller(principal: $0, expiresAt: .distantFuture) },
        origin: CallOrigin(address: "192.0.2.7", userAgent: "curl/8"),
        time: Date(timeIntervalSince1970: 1_790_000_000 + Double(second)), request: request, requestBytes: bytes,
        checks: checks, error: error)
}

extension LogEntry {
    /// What an audit entry says.
    func audit() throws -> Google_Cloud_Audit_AuditLog { try Google_Cloud_Audit_AuditLog(unpackingAny: protoPayload) }
}
