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

    /// A call with a token that is unknown, malformed or expired; `reason` is `ACCESS_TOKEN_EXPIRED` or
    /// `ACCESS_TOKEN_TYPE_UNSUPPORTED`.
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
            message: "Permission '\(denial.permission)' denied on resource '\(denial.resource.fullName)' "
                + "(or it may not exist).")
    }

    /// The same, in the words of an API that has its own.
    public static func permissionDenied(_ denial: Denial, message: String) -> ServiceError {
        let info = Google_Rpc_ErrorInfo.with {
            $0.reason = "IAM_PERMISSION_DENIED"
            $0.domain = "iam.googleapis.com"
            $0.metadata = ["permission": denial.permission.name, "resource": denial.resource.path]
        }
        return ServiceError(.permissionDenied, message, details: [info])
    }

    private static func authenticationInfo(_ reason: String) -> Google_Rpc_ErrorInfo {
        Google_Rpc_ErrorInfo.with {
            $0.reason = reason
            $0.domain = "googleapis.com"
        }
    }
}
