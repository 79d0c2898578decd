import Access
import Foundation
import Logging
import Methods

@testable import Denials

let alice = Principal.user("alice@example.com")
let root = Principal.user("root@example.com")

/// The organization 1 with the folder 10, the project `demo`, number 123, and in it what tests grant.
struct World {
    var index: AccessIndex

    init() throws {
        index = AccessIndex(catalog: .predefined, principals: PrincipalDirectory(accounts: [:]))
        try index.changeHierarchy { hierarchy throws(HierarchyError) in
            hierarchy.put(Organization(number: "1", domain: "example.com", customer: "C1"))
            try hierarchy.put(Folder(number: "10", parent: .organization("1")))
            try hierarchy.put(Project(id: "demo", number: "123", parent: .folder("10")))
            try hierarchy.put(Project(id: "other", number: "124", parent: .organization("1")))
        }
    }

    mutating func grant(_ role: String, to members: String..., on resource: Resource, if condition: String? = nil) {
        var policy = index.policy(of: resource)
        policy.bindings.append(
            Binding(role: role, members: members, condition: condition.map { PolicyCondition($0, title: "t") }))
        index.setPolicy(policy, of: resource)
    }

    /// What alice's call leaves who wants to create a job in a project that she names so.
    func refused(_ project: String = "demo") -> (check: AccessCheck, call: EndedCall) {
        let named = Resource.other(
            service: "batch.googleapis.com", path: "projects/\(project)/locations/l", project: project)
        let permission: Permission = "batch.jobs.create"
        let resource = index.hierarchy.canonical(named) ?? named
        let proof = index.explain(alice, permission, on: resource, in: RequestContext(time: Date()))
        let check = AccessCheck(permission, on: resource, named: named, proof.decision, proof: proof)
        let call = EndedCall(
            service: "batch.googleapis.com", method: "google.cloud.batch.v1.BatchService.CreateJob",
            caller: Caller(principal: alice, expiresAt: .distantFuture), time: Date(), checks: [check],
            error: check.refusal.map { denial in
                // As the gateway words it: about what the request names.
                var denial = denial
                denial.resource = named
                return .permissionDenied(denial)
            })
        return (check, call)
    }

    /// What is kept of that.
    func message(_ project: String = "demo") throws -> DenialMessage {
        let (check, call) = refused(project)
        guard let message = DenialMessage("zzzzzzzzzzzz", check, of: call) else { throw Allowed() }
        return message
    }

    /// What is kept when alice may not attach a service account to something in a project.
    func attaching(_ account: Resource, in project: String) throws -> DenialMessage {
        let permission: Permission = "iam.serviceAccounts.actAs"
        let context = RequestContext(time: Date(), attachingIn: project)
        let proof = index.explain(alice, permission, on: account, in: context)
        let call = EndedCall(
            service: "batch.googleapis.com", method: "google.cloud.batch.v1.BatchService.CreateJob",
            caller: Caller(principal: alice, expiresAt: .distantFuture), time: Date())
        let check = AccessCheck(permission, on: account, proof.decision, proof: proof)
        guard let message = DenialMessage("zzzzzzzzzzzz", check, of: call) else { throw Allowed() }
        return message
    }

    struct Allowed: Error {}

    /// A call by somebody, decided by this world.
    func call(by principal: Principal) -> Call {
        Call(
            caller: Caller(principal: principal, expiresAt: .distantFuture), method: "m", host: "", time: Date(),
            gatekeeper: IndexGatekeeper(index: index))
    }
}

/// Decides by an index.
private struct IndexGatekeeper: Gatekeeper {
    let index: AccessIndex

    func authenticate(authorization: String?, service: String) async throws -> Caller {
        throw ServiceError.missingCredential
    }

    func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Decision {
        index.decide(principal, permission, on: resource, in: context)
    }

    func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Proof {
        index.explain(principal, permission, on: resource, in: context)
    }

    func requireEnabled(service: String, project: String) {}
    func projectID(_ idOrNumber: String) -> String? { index.hierarchy.project(idOrNumber)?.id }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Runs a test with the path of a file in a directory that is removed afterwards.
func withFile<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("denials-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory.appendingPathComponent("denials.db").path)
}
