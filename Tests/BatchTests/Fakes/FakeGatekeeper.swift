import Access
import Foundation
import Methods

/// Grants what a test names: permissions on resources, and services.
struct FakeGatekeeper: Gatekeeper {
    var granted: Set<Permission> = []
    /// Permissions that hold on one resource alone.
    var grantedOn: [Permission: Resource] = [:]
    var enabled: Set<String> = ["batch.googleapis.com", "oslogin.googleapis.com"]

    func authenticate(authorization: String?, service: String) async throws -> Caller {
        throw ServiceError.missingCredential
    }

    func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Decision {
        if granted.contains(permission) || grantedOn[permission] == resource {
            return .allowed(Grant(role: "roles/test", member: principal.ownMember, boundOn: resource))
        }
        return .denied(Denial(principal: principal, permission: permission, resource: resource))
    }

    func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Proof {
        Proof(.denied(Denial(principal: principal, permission: permission, resource: resource)))
    }

    func requireEnabled(service: String, project: String) async throws {
        guard enabled.contains(service) else {
            throw ServiceError(.permissionDenied, "\(service) is disabled in \(project)")
        }
    }

    func projectID(_ idOrNumber: String) async throws -> String? {
        idOrNumber == FakeDirectory.demo.number ? FakeDirectory.demo.id : idOrNumber
    }

    /// Everything that submitting any job takes.
    static var all: FakeGatekeeper {
        FakeGatekeeper(granted: [
            "batch.jobs.create", "batch.jobs.get", "batch.jobs.list", "batch.jobs.delete", "batch.tasks.get",
            "batch.tasks.list", "batch.operations.get", "batch.operations.list", "batch.locations.get",
            "batch.locations.list", "iam.serviceAccounts.actAs", "compute.instances.osLogin",
            "compute.oslogin.updateExternalUser",
        ])
    }
}
