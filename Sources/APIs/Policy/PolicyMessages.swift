import Access
import Methods
import Schema

// Policies as clients write and see them.

extension Google_Iam_V1_Policy {
    /// A policy in the version that a client asked for.
    public init(_ rendered: (policy: Policy, version: Int)) {
        self.init()
        guard !rendered.policy.etag.isEmpty else {
            etag = PolicyChange.emptyEtag
            return
        }
        version = Int32(rendered.version)
        etag = rendered.policy.etag
        bindings = rendered.policy.bindings.map(Google_Iam_V1_Binding.init)
        auditConfigs = rendered.policy.auditConfigs.map(Google_Iam_V1_AuditConfig.init)
    }
}

extension Google_Iam_V1_Binding {
    init(_ binding: Binding) {
        self.init()
        role = binding.role
        members = binding.members
        if let condition = binding.condition { self.condition = .init(condition) }
    }
}

extension Binding {
    init(_ binding: Google_Iam_V1_Binding) {
        self.init(
            role: binding.role, members: binding.members,
            condition: binding.hasCondition ? PolicyCondition(binding.condition) : nil)
    }
}

extension Google_Type_Expr {
    /// A condition as clients see it.
    public init(_ condition: PolicyCondition) {
        self.init()
        expression = condition.expression
        title = condition.title
        description_p = condition.description
        location = condition.location
    }
}

extension PolicyCondition {
    /// A condition as a client wrote it.
    public init(_ condition: Google_Type_Expr) {
        self.init(
            condition.expression, title: condition.title, description: condition.description_p,
            location: condition.location)
    }
}

extension Google_Iam_V1_AuditConfig {
    init(_ config: AuditConfig) {
        self.init()
        service = config.service
        auditLogConfigs = config.logs.map { log in
            .with {
                $0.logType = .init(log.type)
                $0.exemptedMembers = log.exemptedMembers
            }
        }
    }
}

extension AuditConfig {
    init(_ config: Google_Iam_V1_AuditConfig, field: String) throws {
        let logs = try config.auditLogConfigs.enumerated().map { index, log in
            guard let type = LogType(log.logType) else {
                throw ServiceError.invalidArgument(
                    "The type of log is missing or unknown: ADMIN_READ, DATA_READ or DATA_WRITE.",
                    field: "\(field).audit_log_configs[\(index)].log_type")
            }
            return Log(type, exemptedMembers: log.exemptedMembers)
        }
        self.init(service: config.service, logs: logs)
    }
}

extension AuditConfig.LogType {
    fileprivate init?(_ type: Google_Iam_V1_AuditLogConfig.LogType) {
        switch type {
        case .adminRead: self = .adminRead
        case .dataRead: self = .dataRead
        case .dataWrite: self = .dataWrite
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension Google_Iam_V1_AuditLogConfig.LogType {
    fileprivate init(_ type: AuditConfig.LogType) {
        switch type {
        case .adminRead: self = .adminRead
        case .dataRead: self = .dataRead
        case .dataWrite: self = .dataWrite
        }
    }
}
