import Access
import FoundationEssentials
import Methods
import Schema

/// What a `setIamPolicy` asks for, with its update mask applied.
struct PolicyChange: Sendable {
    /// What clients see as the etag of a policy that was never written: `ACAB`.
    static let emptyEtag = Data([0x00, 0x20, 0x01])

    /// The new bindings; nil leaves those that are there.
    var bindings: [Binding]?
    /// The new audit configurations; nil leaves those that are there.
    var auditConfigs: [AuditConfig]?
    /// The etag that the policy must have, empty for one that was never written; nil writes over whatever is there.
    var etag: Data?
    /// The version that the client says it writes.
    var version: Int

    /// Reads a request.
    ///
    /// - Throws: `INVALID_ARGUMENT` for what is wrong, by its field.
    init(_ request: Google_Iam_V1_SetIamPolicyRequest) throws {
        guard request.hasPolicy else {
            throw ServiceError.invalidArgument("The policy is missing.", field: "policy")
        }
        let policy = request.policy
        let mask = request.updateMask.paths.isEmpty ? ["bindings", "etag"] : request.updateMask.paths
        for path in mask where !["bindings", "etag", "version", "audit_configs", "*"].contains(path) {
            throw ServiceError.invalidArgument(
                "The update mask names '\(path.prefix(100))', which is not a field of a policy.", field: "update_mask")
        }
        func covers(_ path: String) -> Bool { mask.contains(path) || mask.contains("*") }
        version = Int(policy.version)
        if covers("bindings") { bindings = policy.bindings.map(Binding.init) }
        if covers("audit_configs") {
            auditConfigs = try policy.auditConfigs.enumerated().map { index, config in
                try AuditConfig(config, field: "policy.audit_configs[\(index)]")
            }
        }
        if covers("etag"), !policy.etag.isEmpty { etag = policy.etag == Self.emptyEtag ? Data() : policy.etag }
    }

    /// The policy as it would be.
    func applied(to current: Policy) -> Policy {
        Policy(
            bindings: bindings ?? current.bindings, auditConfigs: auditConfigs ?? current.auditConfigs,
            etag: etag ?? Data())
    }

    /// The roles that somebody would be granted or lose.
    func modifiedRoles(of current: Policy) -> Set<String> {
        guard let bindings else { return [] }
        let change = BindingChange(from: current.bindings, to: bindings)
        let touched = Set((current.bindings[change.old] + bindings[change.new]).map(BindingKey.init))
        return Set(
            Grant.all(of: current.bindings, in: touched).symmetricDifference(Grant.all(of: bindings, in: touched))
                .map(\.binding.role))
    }

    /// What the bindings of a policy that is kept differ in.
    private struct BindingKey: Hashable {
        let role: String
        let condition: PolicyCondition?

        init(_ binding: Binding) {
            role = binding.role
            condition = binding.condition
        }
    }

    private struct Grant: Hashable {
        let binding: BindingKey
        let member: String

        static func all(of bindings: [Binding], in touched: Set<BindingKey>) -> Set<Grant> {
            var grants: Set<Grant> = []
            for binding in bindings where touched.contains(BindingKey(binding)) {
                // As it is kept, where it can be kept at all.
                for member in binding.members {
                    grants.insert(Grant(binding: BindingKey(binding), member: Member(member)?.text ?? member))
                }
            }
            return grants
        }
    }
}
