import FoundationEssentials
import Methods
import Requests
import Schema
import SwiftProtobuf
import Workload

extension CloudRunAPI {
    /// What the log of system events says of an execution that has ended; nil for a job of another API.
    ///
    /// - Parameter record: maybe without its source: the engine keeps none of what it does not need.
    @Sendable public static func systemEvent(of record: JobRecord) -> Google_Logging_V2_LogEntry? {
        guard record.name.api == .run, let end = record.endedAt, case .keep(_, let template) = record.plan.logs else {
            return nil
        }
        let audit = audit(of: record)
        return try? .with {
            $0.logName = "projects/\(record.name.project)/logs/cloudaudit.googleapis.com%2Fsystem_event"
            $0.resource.type = template.resourceType
            $0.resource.labels = template.resourceLabels
            $0.labels = ["run.googleapis.com/execution_name": record.name.id]
            $0.timestamp = Timestamps.message(end)
            $0.severity = audit.status.code == 0 ? .info : .error
            $0.insertID = "ended-\(record.uid)"
            $0.protoPayload = try Google_Protobuf_Any(message: audit)
        }
    }

    private static func audit(of record: JobRecord) -> Google_Cloud_Audit_AuditLog {
        let (code, text) = summary(of: record)
        return .with {
            $0.serviceName = service
            $0.methodName = "/Jobs.RunJob"
            $0.resourceName = "namespaces/\(record.name.project)/executions/\(record.name.id)"
            $0.status.code = code.map(\.rawValue) ?? 0
            $0.status.message = text
        }
    }

    private static func summary(of record: JobRecord) -> (ServiceError.Code?, String) {
        let id = record.name.id
        switch record.state {
        case .succeeded: return (nil, "Execution \(id) has completed successfully.")
        case .cancelled: return (.cancelled, "Execution \(id) has been cancelled.")
        default:
            let succeeded = record.count(of: .succeeded)
            return (
                .unknown,
                "Execution \(id) has failed to complete, \(succeeded)/\(record.plan.taskCount) tasks were a success."
            )
        }
    }
}
