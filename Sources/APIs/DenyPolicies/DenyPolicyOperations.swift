import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// The operations that changes of deny policies answer with.
///
/// Each is done when it is answered, and its result is the policy as it is when the operation is read: so nothing has
/// to be kept of it, its name says all.
struct DenyPolicyOperation: Sendable {
    /// What was done.
    enum Verb: String, Sendable {
        case create
        case update
        case delete
    }

    let verb: Verb
    /// The policy, as it is or was.
    let record: DenyPolicyRecord

    init(_ verb: Verb, _ record: DenyPolicyRecord) {
        self.verb = verb
        self.record = record
    }

    /// The operation as clients see it.
    ///
    /// - Parameter collection: what the policy's name begins with.
    func message(in collection: String) throws -> Google_Longrunning_Operation {
        let policy = Google_Iam_V2_Policy(record, in: collection)
        let metadata = Google_Iam_V2_PolicyOperationMetadata.with { $0.createTime = .init(date: record.updatedAt) }
        var operation = Google_Longrunning_Operation()
        operation.name = "\(policy.name)/operations/\(verb.rawValue)"
        operation.metadata = try Google_Protobuf_Any(message: metadata)
        operation.done = true
        operation.response = try Google_Protobuf_Any(message: policy)
        return operation
    }
}

/// `operations.get`, which clients poll.
struct DenyPolicyOperations: Sendable {
    let stored: StoredDenyPolicies

    var get: any Method {
        UnaryMethod<Google_Longrunning_GetOperationRequest, Google_Longrunning_Operation>(
            "google.longrunning.Operations.GetOperation", .get("/v2/{name=policies/*/*/*/operations/*}"),
            access: .permission("iam.denypolicies.get", on: { try Self.policy($0.name).attachment })
        ) { request, _ in
            let name = try Self.policy(request.name)
            let collection = stored.collection(of: name.attachment)
            let verb = DenyPolicyOperation.Verb(rawValue: String(request.name.split(separator: "/").last ?? ""))
            switch verb {
            case .delete?:
                // What was deleted is not kept: that it is gone is all there is to say.
                return try .with {
                    $0.name = request.name
                    $0.done = true
                    $0.response = try Google_Protobuf_Any(
                        message: Google_Iam_V2_Policy.with { $0.name = "\(collection)/\(name.id ?? "")" })
                }
            case let verb?:
                return try DenyPolicyOperation(verb, stored.policy(name)).message(in: collection)
            case nil:
                throw ServiceError.notFound("Operation '\(request.name.prefix(300))' was not found.")
            }
        }
    }

    private static func policy(_ operation: String) throws -> DenyPolicyName {
        let parts = operation.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[4] == "operations" else {
            throw ServiceError.invalidArgument("'\(operation.prefix(300))' is no operation.", field: "name")
        }
        return try DenyPolicyName(parts[..<4].joined(separator: "/"), field: "name")
    }
}
