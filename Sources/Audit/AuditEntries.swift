import Access
import Logbook
import Methods
import Schema
import SwiftProtobuf

/// The audit entries of one call.
///
/// A call that names resources of several projects leaves an entry in the log of each, which tells nothing of the
/// others. What a call does is told by the first permission that it was checked for, the one of its method.
struct AuditEntries {
    let call: EndedCall
    let principal: Principal
    private let directory: any AuditDirectory

    /// Nil for a call by nobody, or one that was refused before anything was checked, such as for want of a token.
    init?(_ call: EndedCall, in directory: any AuditDirectory) {
        guard let caller = call.caller, !call.checks.isEmpty else { return nil }
        self.call = call
        principal = caller.principal
        self.directory = directory
    }

    /// One of the logs that the call belongs in.
    struct Place {
        let category: AuditCategory
        /// The check by which it belongs there.
        let check: AccessCheck
        let service: String
        let method: String
        /// False for what the call did besides: the attachment of a service account.
        let isMain: Bool
        /// Whose log it is.
        let parent: LogParent
    }

    /// The logs that the call belongs in, if they exist and are asked for.
    ///
    /// To attach a service account is an act of its own, in the log of the account's project.
    var places: [Place] {
        // In a chain of delegation the last link is what the call is about.
        guard let first = call.checks.first(where: { $0.permission != Self.delegating }) ?? call.checks.first else {
            return []
        }
        var seen: Set<LogParent> = []
        let main = call.checks.filter { $0.permission == first.permission }.compactMap { check in
            parent(of: check).map { parent in
                Place(
                    category: AuditCategory(check.permission), check: check, service: call.service,
                    method: MethodName.audited(call.method), isMain: true, parent: parent)
            }
        }.filter { seen.insert($0.parent).inserted }
        let attached = call.checks.filter { $0.permission == Self.attaching && $0 != first }.compactMap { check in
            parent(of: check).map { parent in
                Place(
                    category: .adminWrite, check: check, service: check.resource.service,
                    method: check.permission.name, isMain: false, parent: parent)
            }
        }
        return main + attached
    }

    /// Whose log has the entries about what was checked; nil for what does not exist.
    private func parent(of check: AccessCheck) -> LogParent? { LogParent(of: check.resource, in: directory) }

    private static let attaching: Permission = "iam.serviceAccounts.actAs"
    private static let delegating: Permission = "iam.serviceAccounts.implicitDelegation"

    /// The entry for one of the logs.
    ///
    /// - Throws: what swift-protobuf says of a message that it cannot write.
    func entry(for place: Place) throws -> LogEntry {
        let audit = auditLog(for: place)
        return try .with {
            $0.logName = LogName(place.parent, logID: place.category.logID).description
            $0.resource = Google_Api_MonitoredResource(
                place.check.resource, service: place.service, method: place.method)
            $0.timestamp = Google_Protobuf_Timestamp(date: call.time)
            $0.severity = audit.status.code != 0 ? .error : place.category == .adminWrite ? .notice : .info
            $0.protoPayload = try Google_Protobuf_Any(message: audit)
        }
    }

    private func auditLog(for place: Place) -> Google_Cloud_Audit_AuditLog {
        let checks = place.isMain ? checks(in: place) : [place.check]
        let isAlone = !call.checks.contains { !checks.contains($0) }
        let content = place.isMain && isAlone ? RequestContent(of: call) : nil
        return .with {
            $0.serviceName = place.service
            $0.methodName = place.method
            $0.resourceName = content?.resourceName(within: place.check) ?? place.check.resource.path
            $0.authenticationInfo = authentication
            $0.authorizationInfo = checks.map(Self.authorization)
            $0.requestMetadata = .with {
                $0.callerIp = call.origin.address ?? "private"
                $0.callerSuppliedUserAgent = call.origin.userAgent ?? ""
            }
            if let content { $0.request = content.object }
            $0.status = status(of: place)
        }
    }

    /// What the entry in one log tells of the checks: not those of other projects for the same permission.
    private func checks(in place: Place) -> [AccessCheck] {
        call.checks.filter { $0.permission != place.check.permission || parent(of: $0) == place.parent }
    }

    private func status(of place: Place) -> Google_Rpc_Status {
        if place.isMain, let error = call.error {
            return .with {
                $0.code = error.code.rawValue
                $0.message = error.message
            }
        }
        guard !place.isMain, !place.check.decision.isAllowed else { return Google_Rpc_Status() }
        return .with {
            $0.code = ServiceError.Code.permissionDenied.rawValue
            $0.message = "Permission '\(place.check.permission)' denied."
        }
    }

    private var authentication: Google_Cloud_Audit_AuthenticationInfo {
        .with {
            $0.principalEmail = principal.email ?? ""
            $0.principalSubject = principal.member
            $0.serviceAccountDelegationInfo = (call.caller?.delegation ?? []).map { delegate in
                .with {
                    $0.principalSubject = delegate.member
                    if let email = delegate.email { $0.firstPartyPrincipal.principalEmail = email }
                }
            }
        }
    }

    private static func authorization(_ check: AccessCheck) -> Google_Cloud_Audit_AuthorizationInfo {
        .with {
            $0.resource = check.resource.path
            $0.permission = check.permission.name
            $0.granted = check.decision.isAllowed
            $0.permissionType =
                switch AuditCategory(check.permission) {
                case .adminRead: .adminRead
                case .adminWrite: .adminWrite
                case .dataRead: .dataRead
                case .dataWrite: .dataWrite
                }
        }
    }
}
