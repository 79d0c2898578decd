/// Which calls of a service are logged besides those that always are.
public struct AuditConfig: Hashable, Sendable, Codable {
    /// What a call does, as far as its logging depends on it.
    public enum LogType: String, Hashable, Sendable, Codable, CaseIterable {
        /// Reads metadata or configuration.
        case adminRead = "ADMIN_READ"
        /// Reads what users keep.
        case dataRead = "DATA_READ"
        /// Writes what users keep.
        case dataWrite = "DATA_WRITE"
    }

    /// One type of call that is logged, but for these callers.
    public struct Log: Hashable, Sendable, Codable {
        /// The type.
        public var type: LogType
        /// Those whose calls are not logged.
        public var exemptedMembers: [String]

        /// Makes a log of its parts.
        public init(_ type: LogType, exemptedMembers: [String] = []) {
            self.type = type
            self.exemptedMembers = exemptedMembers
        }
    }

    /// The service that stands for all.
    public static let allServices = "allServices"

    /// `run.googleapis.com`, or `allServices`.
    public var service: String
    /// What is logged.
    public var logs: [Log]

    /// Makes a configuration of its parts.
    public init(service: String, logs: [Log]) {
        self.service = service
        self.logs = logs
    }
}

extension Policy {
    /// Who is exempt from the logging of a type of call to a service: what is said of the service and what is said
    /// of all services together; nil when such calls are not logged.
    public func exemptions(from type: AuditConfig.LogType, of service: String) -> Set<String>? {
        let logs = auditConfigs.filter { $0.service == service || $0.service == AuditConfig.allServices }
            .flatMap(\.logs).filter { $0.type == type }
        return logs.isEmpty ? nil : Set(logs.flatMap(\.exemptedMembers))
    }
}
