import Access
import Directory
import FoundationEssentials
import Methods
import Schema
import SwiftProtobuf

/// `google.cloud.orgpolicy.v2.OrgPolicy`.
struct OrgPoliciesV2: Sendable {
    let policies: StoredPolicies

    private static let name = "google.cloud.orgpolicy.v2.OrgPolicy"

    var methods: [any Method] {
        [listConstraints, listPolicies, getPolicy, getEffectivePolicy, createPolicy, updatePolicy, deletePolicy]
    }

    private var listConstraints: any Method {
        UnaryMethod<
            Google_Cloud_Orgpolicy_V2_ListConstraintsRequest, Google_Cloud_Orgpolicy_V2_ListConstraintsResponse
        >(
            "\(Self.name).ListConstraints",
            .get("/v2/{parent=projects/*}/constraints"), .get("/v2/{parent=folders/*}/constraints"),
            .get("/v2/{parent=organizations/*}/constraints"),
            access: .permission(
                "orgpolicy.constraints.list", on: { try PolicyName.resource($0.parent, field: "parent") })
        ) { request, _ in
            let path = try path(request.parent)
            let page = try ListPage(
                Constraint.all, by: \.name, size: request.pageSize, default: 1000, maximum: 1000,
                token: request.pageToken,
                scope: ["v2.constraints", request.parent])
            return .with {
                $0.constraints = page.items.map { .init($0, of: path) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var listPolicies: any Method {
        UnaryMethod<Google_Cloud_Orgpolicy_V2_ListPoliciesRequest, Google_Cloud_Orgpolicy_V2_ListPoliciesResponse>(
            "\(Self.name).ListPolicies",
            .get("/v2/{parent=projects/*}/policies"), .get("/v2/{parent=folders/*}/policies"),
            .get("/v2/{parent=organizations/*}/policies"),
            access: .permission("orgpolicy.policies.list", on: { try PolicyName.resource($0.parent, field: "parent") })
        ) { request, _ in
            let path = try path(request.parent)
            let page = try ListPage(
                policies.policies(on: PolicyName.resource(request.parent, field: "parent")), by: \.policy.constraint,
                size: request.pageSize, default: 1000, maximum: 1000, token: request.pageToken,
                scope: ["v2.policies", request.parent])
            return .with {
                $0.policies = page.items.map { PolicyV2($0, of: path) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var getPolicy: any Method {
        UnaryMethod<Google_Cloud_Orgpolicy_V2_GetPolicyRequest, PolicyV2>(
            "\(Self.name).GetPolicy",
            .get("/v2/{name=projects/*/policies/*}"), .get("/v2/{name=folders/*/policies/*}"),
            .get("/v2/{name=organizations/*/policies/*}"),
            access: .permission("orgpolicy.policy.get", on: { try PolicyName($0.name, field: "name").resource })
        ) { request, _ in
            let name = try PolicyName(request.name, field: "name")
            guard let record = try policies.policy(for: name.constraint, on: name.resource) else {
                throw ServiceError.notFound("There is no policy for \(name.constraint) on \(name.resource.path).")
            }
            return PolicyV2(record, of: try path(name.resource.path))
        }
    }

    private var getEffectivePolicy: any Method {
        UnaryMethod<Google_Cloud_Orgpolicy_V2_GetEffectivePolicyRequest, PolicyV2>(
            "\(Self.name).GetEffectivePolicy",
            .get("/v2/{name=projects/*/policies/*}:getEffectivePolicy"),
            .get("/v2/{name=folders/*/policies/*}:getEffectivePolicy"),
            .get("/v2/{name=organizations/*/policies/*}:getEffectivePolicy"),
            access: .permission("orgpolicy.policy.get", on: { try PolicyName($0.name, field: "name").resource })
        ) { request, _ in
            let name = try PolicyName(request.name, field: "name")
            let (constraint, effective) = try policies.effective(name.constraint, on: name.resource)
            return PolicyV2(effective, of: constraint, on: try path(name.resource.path))
        }
    }

    private var createPolicy: any Method {
        UnaryMethod<Google_Cloud_Orgpolicy_V2_CreatePolicyRequest, PolicyV2>(
            "\(Self.name).CreatePolicy",
            .post("/v2/{parent=projects/*}/policies", body: "policy"),
            .post("/v2/{parent=folders/*}/policies", body: "policy"),
            .post("/v2/{parent=organizations/*}/policies", body: "policy"),
            access: .permission(
                "orgpolicy.policies.create", on: { try PolicyName.resource($0.parent, field: "parent") })
        ) { request, call in
            let parent = try PolicyName.resource(request.parent, field: "parent")
            let name = try PolicyName(request.policy.name, field: "policy.name")
            guard policies.isSame(parent, name.resource) else {
                throw ServiceError.invalidArgument(
                    "The policy's name must begin with the parent's.", field: "policy.name")
            }
            return try await set(request.policy, as: name, .absent, call)
        }
    }

    private var updatePolicy: any Method {
        UnaryMethod<Google_Cloud_Orgpolicy_V2_UpdatePolicyRequest, PolicyV2>(
            "\(Self.name).UpdatePolicy",
            .patch("/v2/{policy.name=projects/*/policies/*}", body: "policy"),
            .patch("/v2/{policy.name=folders/*/policies/*}", body: "policy"),
            .patch("/v2/{policy.name=organizations/*/policies/*}", body: "policy"),
            access: .permission(
                "orgpolicy.policies.update", on: { try PolicyName($0.policy.name, field: "policy.name").resource })
        ) { request, call in
            for path in request.updateMask.paths where !["*", "spec", "policy.spec"].contains(path) {
                throw ServiceError.invalidArgument(
                    "The update mask names '\(path.prefix(100))': only the spec of a policy can be changed.",
                    field: "update_mask")
            }
            let name = try PolicyName(request.policy.name, field: "policy.name")
            return try await set(request.policy, as: name, .present(etag: request.policy.expectedEtag()), call)
        }
    }

    private var deletePolicy: any Method {
        UnaryMethod<Google_Cloud_Orgpolicy_V2_DeletePolicyRequest, Google_Protobuf_Empty>(
            "\(Self.name).DeletePolicy",
            .delete("/v2/{name=projects/*/policies/*}"), .delete("/v2/{name=folders/*/policies/*}"),
            .delete("/v2/{name=organizations/*/policies/*}"),
            access: .permission("orgpolicy.policies.delete", on: { try PolicyName($0.name, field: "name").resource })
        ) { request, _ in
            let name = try PolicyName(request.name, field: "name")
            let wasThere = try await policies.remove(
                name.constraint, on: name.resource, etag: Data(etag: request.etag))
            guard wasThere else {
                throw ServiceError.notFound("There is no policy for \(name.constraint) on \(name.resource.path).")
            }
            return .init()
        }
    }

    private func set(
        _ policy: PolicyV2, as name: PolicyName, _ expectation: StoredPolicies.Expectation, _ call: Call
    ) async throws -> PolicyV2 {
        let constraint = try StoredPolicies.constraint(name.constraint)
        let record = try await policies.set(
            OrganizationPolicy(policy, for: constraint), on: name.resource, expectation, at: call.time)
        return PolicyV2(record, of: try path(name.resource.path))
    }

    /// What answers call a container: a project by its number.
    private func path(_ name: String) throws -> String {
        let resource = try PolicyName.resource(name, field: "name")
        guard case .project(let id) = resource, let project = policies.directory.state.project(id) else { return name }
        return "projects/\(project.number)"
    }
}

extension StoredPolicies {
    /// Whether two names mean one container.
    func isSame(_ first: Resource, _ second: Resource) -> Bool {
        let state = directory.state
        return state.known(first) == state.known(second)
    }
}
