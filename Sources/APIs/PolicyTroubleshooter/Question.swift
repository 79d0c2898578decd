import Access
import Directory
import FoundationEssentials
import Methods
import Schema

typealias TroubleshootRequest = Google_Cloud_Policytroubleshooter_Iam_V3_TroubleshootIamPolicyRequest
typealias TroubleshootResponse = Google_Cloud_Policytroubleshooter_Iam_V3_TroubleshootIamPolicyResponse
typealias AccessTuple = Google_Cloud_Policytroubleshooter_Iam_V3_AccessTuple

/// Who asks for what of which resource, with all that the answer rests on.
struct Question: Sendable {
    let principal: Principal
    let permission: Permission
    /// With its project's id.
    let resource: Resource
    /// As the caller wrote it.
    let tuple: AccessTuple
    let state: DirectoryState
    let proof: Proof

    /// Reads a tuple.
    ///
    /// - Throws: `INVALID_ARGUMENT` that names the field.
    init(_ tuple: AccessTuple, state: DirectoryState, at now: Date) throws {
        guard let email = EmailAddress.canonical(tuple.principal) else {
            throw ServiceError.invalidArgument(
                "'\(tuple.principal.prefix(300))' is not the e-mail address of a person or service account.",
                field: "access_tuple.principal")
        }
        guard let named = Resource(fullName: tuple.fullResourceName) else {
            throw ServiceError.invalidArgument(
                "'\(tuple.fullResourceName.prefix(300))' is not the full name of a resource, such as "
                    + "//cloudresourcemanager.googleapis.com/projects/demo.",
                field: "access_tuple.full_resource_name")
        }
        guard PermissionTable.known.id(of: Permission(tuple.permission)) != nil else {
            throw ServiceError.invalidArgument(
                "'\(tuple.permission.prefix(300))' is not a permission that is known here.",
                field: "access_tuple.permission")
        }
        self.tuple = tuple
        self.state = state
        principal = Self.principal(email, in: state)
        permission = Permission(tuple.permission)
        resource = state.access.hierarchy.canonical(named) ?? named
        let request = tuple.conditionContext.request
        let time = request.hasReceiveTime ? request.receiveTime.date : now
        proof = state.access.explain(principal, permission, on: resource, in: RequestContext(time: time))
    }

    private static func principal(_ email: String, in state: DirectoryState) -> Principal {
        guard EmailAddress.isServiceAccount(email) else { return .user(email) }
        return .serviceAccount(email, uniqueID: state.serviceAccount(email)?.uniqueID)
    }

    /// Everything whose policies count, from the resource upwards.
    var holders: [Resource] { state.access.hierarchy.holders(for: resource) }
}
