import Access
import FoundationEssentials
import Methods
import Schema

/// What a `setIamPolicy` asks for, with its update mask applied.
struct PolicyChange {
    /// The new bindings; nil leaves those that are there.
    var bindings: [Binding]?
    /// The etag that the policy must have; nil writes over whatever is there.
    var etag: Data?

    /// Reads a request.
    ///
    /// - Throws: `INVALID_ARGUMENT` for what is wrong or not supported yet, by its field.
    init(_ request: Google_Iam_V1_SetIamPolicyRequest) throws {
        guard request.hasPolicy else {
            throw ServiceError.invalidArgument("The policy is missing.", field: "policy")
        }
        let policy = request.policy
        let mask = request.updateMask.paths.isEmpty ? ["bindings", "etag"] : request.updateMask.paths
        for path in mask where !["bindings", "etag", "version"].contains(path) {
            let isAudit = path == "audit_configs" || path == "auditConfigs"
            throw ServiceError.invalidArgument(
                isAudit
                    ? "Audit configurations are not supported yet: leave auditConfigs out of the update mask."
                    : "The update mask names '\(path)', which is not a field of a policy.",
                field: "update_mask")
        }
        guard policy.auditConfigs.isEmpty else {
            throw ServiceError.invalidArgument(
                "Audit configurations are not supported yet.", field: "policy.audit_configs")
        }
        try PolicyMethods.checkVersion(policy.version, field: "policy.version")
        if let index = policy.bindings.firstIndex(where: \.hasCondition) {
            throw ServiceError.invalidArgument(
                "Conditions are not supported yet: a grant without its condition would give more than was meant.",
                field: "policy.bindings[\(index)].condition")
        }
        if mask.contains("bindings") {
            bindings = policy.bindings.map { Binding(role: $0.role, members: $0.members) }
        }
        if mask.contains("etag"), !policy.etag.isEmpty { etag = policy.etag }
    }
}
