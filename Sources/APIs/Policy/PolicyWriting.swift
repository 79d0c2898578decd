import Access
import Directory
import Methods
import Schema

/// What must hold before a policy takes the place of another.
struct PolicyWriting {
    let state: DirectoryState
    /// The API by which it is set.
    let service: String

    /// The policy that a change makes of the present one, as it is kept.
    ///
    /// - Throws: `INVALID_ARGUMENT` or `FAILED_PRECONDITION` for what is wrong.
    func policy(_ change: PolicyChange, for resource: Resource) throws -> Policy {
        if case .project(let id) = resource, state.projects[id]?.isActive == false {
            throw ServiceError.failedPrecondition(
                "Project \(id) is marked for deletion: it cannot be changed until it is undeleted.")
        }
        let current = state.policy(of: resource)
        let wanted = change.applied(to: current)
        let version = change.bindings == nil ? current.version : change.version
        do throws(PolicyError) {
            let policy = try state.access.canonical(wanted, version: version, for: resource)
            try checkAdministrator(policy, of: resource)
            return policy
        } catch {
            throw ServiceError(error, service: service)
        }
    }

    private func checkAdministrator(_ policy: Policy, of resource: Resource) throws(PolicyError) {
        guard case .organization = resource, !policy.bindings.contains(where: keepsAdministrator) else { return }
        throw PolicyError(
            message: "The policy of an organization must keep a member that may change it, such as one with "
                + "roles/resourcemanager.organizationAdmin: nobody could grant anything again.",
            field: "policy.bindings")
    }

    private func keepsAdministrator(_ binding: Binding) -> Bool {
        binding.condition == nil
            && state.access.catalog[binding.role]?.contains("resourcemanager.organizations.setIamPolicy") == true
            && binding.members.contains { !$0.hasPrefix("deleted:") }
    }
}

extension ServiceError {
    /// A policy that breaks a rule.
    public init(_ error: PolicyError, service: String) {
        self =
            switch error.code {
            case .invalid: .invalidArgument(error.message, field: error.field)
            case .precondition: .failedPrecondition(error.message)
            }
        guard let reason = error.reason else { return }
        let info = Google_Rpc_ErrorInfo.with {
            $0.reason = reason.rawValue
            $0.domain = service
        }
        details.insert(info, at: 0)
    }
}
