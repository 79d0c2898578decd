import Access
import Directory
import FoundationEssentials
import Methods
import Schema
import SwiftProtobuf

/// `google.iam.v2.Policies`.
struct DenyPolicyMethods: Sendable {
    let stored: StoredDenyPolicies

    private static let name = "google.iam.v2.Policies"
    /// Policies on a page of a list, whatever is asked for (IAM v2).
    private static let pageSize = 1000

    var methods: [any Method] { [list, get, create, update, delete] }

    private var list: any Method {
        UnaryMethod<Google_Iam_V2_ListPoliciesRequest, Google_Iam_V2_ListPoliciesResponse>(
            "\(Self.name).ListPolicies", .get("/v2/{parent=policies/*/*}"),
            access: .permission(
                "iam.denypolicies.list", on: { try DenyPolicyName($0.parent, field: "parent").attachment })
        ) { request, _ in
            let name = try DenyPolicyName(request.parent, field: "parent")
            let collection = stored.collection(of: name.attachment)
            // The size of a page is the server's to choose.
            let page = try ListPage(
                stored.policies(on: name.attachment), by: \.policy.id, size: 0, default: Self.pageSize,
                maximum: Self.pageSize, token: request.pageToken, scope: [request.parent])
            return .with {
                // The rules are for those who get a policy by its name.
                $0.policies = page.items.map { Google_Iam_V2_Policy($0, in: collection, withRules: false) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Iam_V2_GetPolicyRequest, Google_Iam_V2_Policy>(
            "\(Self.name).GetPolicy", .get("/v2/{name=policies/*/*/*}"),
            access: .permission("iam.denypolicies.get", on: { try DenyPolicyName($0.name, field: "name").attachment })
        ) { request, _ in
            let name = try DenyPolicyName(request.name, field: "name")
            return Google_Iam_V2_Policy(try stored.policy(name), in: stored.collection(of: name.attachment))
        }
    }

    private var create: any Method {
        UnaryMethod<Google_Iam_V2_CreatePolicyRequest, Google_Longrunning_Operation>(
            "\(Self.name).CreatePolicy", .post("/v2/{parent=policies/*/*}", body: "policy"),
            access: .permission(
                "iam.denypolicies.create", on: { try DenyPolicyName($0.parent, field: "parent").attachment })
        ) { request, call in
            let name = try DenyPolicyName(request.parent, field: "parent")
            let record = try await stored.create(
                DenyPolicy(request.policy, id: request.policyID), annotations: request.policy.annotations,
                on: name.attachment, at: call.time)
            return try DenyPolicyOperation(.create, record).message(in: stored.collection(of: name.attachment))
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Iam_V2_UpdatePolicyRequest, Google_Longrunning_Operation>(
            "\(Self.name).UpdatePolicy", .put("/v2/{policy.name=policies/*/*/*}", body: "policy"),
            access: .permission(
                "iam.denypolicies.update",
                on: { try DenyPolicyName($0.policy.name, field: "policy.name").attachment })
        ) { request, call in
            let name = try DenyPolicyName(request.policy.name, field: "policy.name")
            let record = try await stored.update(
                name, DenyPolicy(request.policy, id: name.id ?? ""), ifMatches: Self.etag(request.policy.etag),
                at: call.time)
            return try DenyPolicyOperation(.update, record).message(in: stored.collection(of: name.attachment))
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Iam_V2_DeletePolicyRequest, Google_Longrunning_Operation>(
            "\(Self.name).DeletePolicy", .delete("/v2/{name=policies/*/*/*}"),
            access: .permission(
                "iam.denypolicies.delete", on: { try DenyPolicyName($0.name, field: "name").attachment })
        ) { request, _ in
            let name = try DenyPolicyName(request.name, field: "name")
            let record = try await stored.delete(name, ifMatches: Self.etag(request.etag))
            return try DenyPolicyOperation(.delete, record).message(in: stored.collection(of: name.attachment))
        }
    }

    private static func etag(_ text: String) throws -> Data {
        guard let etag = Data(base64Encoded: text) else {
            throw ServiceError(.aborted, "The etag is none that was given out: read the policy again.")
        }
        return etag
    }
}

extension StoredDenyPolicies {
    /// The collection of what is attached to a resource, as answers name it: with the project's number.
    func collection(of named: Resource) -> String {
        guard case .project(let id) = named, let project = directory.state.project(id) else {
            return DenyPolicyName.collection(of: named.path)
        }
        return DenyPolicyName.collection(of: "projects/\(project.number)")
    }
}
