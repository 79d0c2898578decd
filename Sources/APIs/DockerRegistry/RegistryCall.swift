import Access
import Directory
import Foundation
import Methods
import Registry

/// One request of the protocol, with who makes it and what was checked for it.
struct RegistryCall: Sendable {
    /// `Docker-GetManifest`: as audit entries name it.
    let method: String
    let time: Date
    let origin: CallOrigin
    let caller: Caller
    let gatekeeper: any Gatekeeper
    let record = CallRecord()

    var owner: String { caller.principal.member }

    /// Makes sure that the caller may do something in a repository, and finds it.
    ///
    /// - Throws: `ServiceError`, or `RegistryFault` when whoever may know asks for a repository that does not exist.
    func repository(
        _ named: Resource, for permission: Permission, in directory: Directory
    ) async throws -> RepositoryRecord {
        let resource = try await gatekeeper.admit(
            caller.principal, permission, on: named, service: DockerRegistry.service,
            in: RequestContext(time: time), record: record, orThrow: Self.denied)
        let canonical = Resource(service: DockerRegistry.service, path: resource.path) ?? resource
        guard let repository = directory.state.repositories[canonical.fullName] else {
            throw RegistryFault(.notFound, "NAME_UNKNOWN", "Repository \"\(named.path.prefix(300))\" not found.")
        }
        return repository
    }

    /// A repository that the caller may read, if there is one: refused without words.
    func readable(_ named: Resource, in directory: Directory) async throws -> RepositoryRecord? {
        guard let resource = try await gatekeeper.located(named) else { return nil }
        let decision = try await gatekeeper.decide(
            caller.principal, DockerRegistry.pulling, on: resource, in: RequestContext(time: time))
        return decision.isAllowed ? directory.state.repositories[resource.fullName] : nil
    }

    private static func denied(_ denial: Denial) -> ServiceError {
        let permission = "\"\(denial.permission.shortName)\""
        let refusal =
            denial.principal == .unauthenticated
            ? "Unauthenticated request. Unauthenticated requests do not have permission \(permission)"
            : "Permission \(permission) denied"
        return .permissionDenied(
            denial, message: "\(refusal) on resource \"\(denial.resource.path)\" (or it may not exist)")
    }
}
