import Access
import Schema

extension ServiceError {
    /// A call without a token.
    public static var missingCredential: ServiceError {
        ServiceError(
            .unauthenticated,
            "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or "
                + "other valid authentication credential. "
                + "See https://developers.google.com/identity/sign-in/web/devconsole-project.",
            details: [authenticationInfo("CREDENTIALS_MISSING")])
    }

    /// A call with a token that is unknown, malformed or expired, or whose account may not call; `reason` is
    /// `ACCESS_TOKEN_EXPIRED`, `ACCESS_TOKEN_TYPE_UNSUPPORTED` or `ACCOUNT_STATE_INVALID`.
    public static func invalidCredential(reason: String) -> ServiceError {
        ServiceError(
            .unauthenticated,
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
                + "other valid authentication credential. "
                + "See https://developers.google.com/identity/sign-in/web/devconsole-project.",
            details: [authenticationInfo(reason)])
    }

    /// A call that its caller may not make. The text does not tell whether the resource exists.
    public static func permissionDenied(_ denial: Denial) -> ServiceError {
        permissionDenied(
            denial,
            message: "Permission '\(denial.permission.shortName)' denied on resource '\(denial.resource.fullName)' "
                + "(or it may not exist).")
    }

    /// The same, in the words of an API that has its own.
    public static func permissionDenied(_ denial: Denial, message: String) -> ServiceError {
        if case .projectDeleted(let number) = denial.cause { return projectDeleted(number: number, denial) }
        let info = Google_Rpc_ErrorInfo.with {
            $0.reason = "IAM_PERMISSION_DENIED"
            $0.domain = "iam.googleapis.com"
            $0.metadata = ["permission": denial.permission.shortName, "resource": denial.resource.path]
        }
        return ServiceError(.permissionDenied, message, details: [info, advice(denial)])
    }

    /// A call in a project that is marked for deletion, by one who could make it if it were not.
    private static func projectDeleted(number: String, _ denial: Denial) -> ServiceError {
        let info = Google_Rpc_ErrorInfo.with {
            $0.reason = "CONSUMER_INVALID"
            $0.domain = "googleapis.com"
            $0.metadata = ["consumer": "projects/\(number)"]
        }
        let advice = Google_Rpc_LocalizedMessage.with {
            $0.locale = "en-US"
            $0.message = "'\(denial.cause.liftingCommand(about: denial.resource))' brings it back."
        }
        return ServiceError(.permissionDenied, "Project #\(number) has been deleted.", details: [info, advice])
    }

    /// The same refusal with what it can be looked up by: in its `ErrorInfo`, and as a link that clients show.
    public func citing(_ reference: DenialReference) -> ServiceError {
        var cited = self
        cited.details = details.map { detail in
            guard var info = detail as? Google_Rpc_ErrorInfo else { return detail }
            info.metadata["denialId"] = reference.id
            return info
        }
        let link = Google_Rpc_Help.Link.with {
            $0.description_p = "Why this was refused, and what would help: landfall why \(reference.id)"
            $0.url = reference.url
        }
        cited.details.append(Google_Rpc_Help.with { $0.links = [link] })
        return cited
    }

    /// A call that is to count for a project that its caller may not use; the same for one that does not exist.
    public static func userProjectDenied(_ project: String, service: String) -> ServiceError {
        let project = project.prefix(100)
        let info = Google_Rpc_ErrorInfo.with {
            $0.reason = "USER_PROJECT_DENIED"
            $0.domain = "googleapis.com"
            $0.metadata = ["service": service, "consumer": "projects/\(project)"]
        }
        return ServiceError(
            .permissionDenied,
            "Caller does not have required permission to use project \(project). Grant the caller the "
                + "roles/serviceusage.serviceUsageConsumer role, or a custom role with the serviceusage.services.use "
                + "permission.",
            details: [info])
    }

    /// Who lacks what, and the smallest grant that would help; gcloud prints it below the message.
    ///
    /// It names nothing that the caller did not: no organization, no role that a project made for itself, and the same
    /// for a resource that does not exist.
    private static func advice(_ denial: Denial) -> Google_Rpc_LocalizedMessage {
        if case .constraint(let name, let project) = denial.cause {
            // Told to those alone whom policies allow it.
            return .with {
                $0.locale = "en-US"
                $0.message =
                    "The constraint constraints/\(name), which is enforced on projects/\(project), forbids it. "
                    + "'\(denial.cause.liftingCommand(about: denial.resource))' lifts it there."
            }
        }
        let places = [denial.resource] + (denial.resource.project.map { [.project($0)] } ?? [])
        let remedy = denial.remedies.first { places.contains($0.on) && $0.role.hasPrefix("roles/") }
        let grant = remedy.map { " \($0.role), granted on \($0.on.path), is the smallest role that has it." }
        return .with {
            $0.locale = "en-US"
            $0.message =
                "\(denial.principal.name) lacks \(denial.permission.shortName) on \(denial.resource.path)."
                + (grant ?? "")
        }
    }

    private static func authenticationInfo(_ reason: String) -> Google_Rpc_ErrorInfo {
        Google_Rpc_ErrorInfo.with {
            $0.reason = reason
            $0.domain = "googleapis.com"
        }
    }
}
