import Access
import Directory
import FoundationEssentials
import Methods
import Schema

/// Who asks for what of which resource, with all that the answer rests on.
struct Question: Sendable {
    let principal: Principal
    let permission: Permission
    /// With its project's id.
    let resource: Resource
    let state: DirectoryState
    let proof: Proof

    /// Reads what all versions call an access tuple.
    ///
    /// - Parameters:
    ///   - tuple: whose access to what, as the caller writes it.
    ///   - time: when the request that it is about is made.
    /// - Throws: `INVALID_ARGUMENT` that names the field.
    init(_ tuple: some AccessTuple, state: DirectoryState, at time: Date) throws {
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
        self.state = state
        principal = Self.principal(email, in: state)
        permission = Permission(tuple.permission)
        resource = state.access.hierarchy.canonical(named) ?? named
        proof = state.access.explain(principal, permission, on: resource, in: RequestContext(time: time))
    }

    private static func principal(_ email: String, in state: DirectoryState) -> Principal {
        guard EmailAddress.isServiceAccount(email) else { return .user(email) }
        return .serviceAccount(email, uniqueID: state.serviceAccount(email)?.uniqueID)
    }

    /// Everything whose policies count, from the resource upwards.
    var holders: [Resource] { state.access.hierarchy.holders(for: resource) }
}

/// Whose access to what: the same in all versions, but for its context.
protocol AccessTuple {
    /// The e-mail address of a person or of a service account.
    var principal: String { get }
    /// `//cloudresourcemanager.googleapis.com/projects/demo`
    var fullResourceName: String { get }
    /// `batch.jobs.list`
    var permission: String { get }
}

extension Google_Cloud_Policytroubleshooter_V1_AccessTuple: AccessTuple {}
extension Google_Cloud_Policytroubleshooter_V2alpha1_AccessTuple: AccessTuple {}
extension Google_Cloud_Policytroubleshooter_Iam_V3_AccessTuple: AccessTuple {}
