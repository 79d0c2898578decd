import Access
import Directory
import FoundationEssentials
import Methods
import Schema
import SwiftProtobuf

/// The organization policies of Resource Manager v1, which `gcloud resource-manager org-policies` calls.
struct OrgPoliciesV1: Sendable {
    let policies: StoredPolicies

    private static let name = "google.cloud.resourcemanager.v1.OrgPolicies"

    var methods: [any Method] { [listConstraints, list, get, getEffective, set, clear] }

    /// Projects, folders and organizations have the same methods.
    private func row<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ permission: Permission, _ resource: @escaping @Sendable (Request) -> String,
        handler: @escaping UnaryMethod<Request, Response>.Handler
    ) -> any Method {
        let verb = name.prefix(1).lowercased() + name.dropFirst()
        return UnaryMethod<Request, Response>(
            "\(Self.name).\(name)",
            .post("/v1/{resource=projects/*}:\(verb)", body: "*"),
            .post("/v1/{resource=folders/*}:\(verb)", body: "*"),
            .post("/v1/{resource=organizations/*}:\(verb)", body: "*"),
            access: .permission(permission, on: { try PolicyName.resource(resource($0), field: "resource") }),
            handler: handler)
    }

    private var listConstraints: any Method {
        row(
            "ListAvailableOrgPolicyConstraints", "orgpolicy.constraints.list",
            { (request: Google_Cloud_Resourcemanager_V1_ListAvailableOrgPolicyConstraintsRequest) in request.resource }
        ) { request, _ -> Google_Cloud_Resourcemanager_V1_ListAvailableOrgPolicyConstraintsResponse in
            let page = try ListPage(
                Constraint.all, by: \.name, size: request.pageSize, default: 1000, maximum: 1000,
                token: request.pageToken,
                scope: ["v1.constraints", request.resource])
            return .with {
                $0.constraints = page.items.map(Google_Cloud_Resourcemanager_V1_Constraint.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var list: any Method {
        row(
            "ListOrgPolicies", "orgpolicy.policies.list",
            { (request: Google_Cloud_Resourcemanager_V1_ListOrgPoliciesRequest) in request.resource }
        ) { request, _ -> Google_Cloud_Resourcemanager_V1_ListOrgPoliciesResponse in
            let page = try ListPage(
                policies.policies(on: Self.resource(request.resource)), by: \.policy.constraint,
                size: request.pageSize, default: 1000, maximum: 1000, token: request.pageToken,
                scope: ["v1.orgPolicies", request.resource])
            return .with {
                $0.policies = page.items.map(PolicyV1.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var get: any Method {
        row(
            "GetOrgPolicy", "orgpolicy.policy.get",
            { (request: Google_Cloud_Resourcemanager_V1_GetOrgPolicyRequest) in request.resource }
        ) { request, _ -> PolicyV1 in
            // One that was never set is told by its constraint alone.
            let record = try policies.policy(for: request.constraint, on: Self.resource(request.resource))
            let constraint = try StoredPolicies.constraint(request.constraint)
            return record.map(PolicyV1.init) ?? .with { $0.constraint = "constraints/\(constraint.name)" }
        }
    }

    private var getEffective: any Method {
        row(
            "GetEffectiveOrgPolicy", "orgpolicy.policy.get",
            { (request: Google_Cloud_Resourcemanager_V1_GetEffectiveOrgPolicyRequest) in request.resource }
        ) { request, _ -> PolicyV1 in
            let (constraint, effective) = try policies.effective(
                request.constraint, on: Self.resource(request.resource))
            return PolicyV1(constraint.name, effective.effects)
        }
    }

    private var set: any Method {
        row(
            "SetOrgPolicy", "orgpolicy.policy.set",
            { (request: Google_Cloud_Resourcemanager_V1_SetOrgPolicyRequest) in request.resource }
        ) { request, call -> PolicyV1 in
            let constraint = try StoredPolicies.constraint(request.policy.constraint)
            let record = try await policies.set(
                OrganizationPolicy(request.policy, for: constraint), on: Self.resource(request.resource),
                .any(etag: request.policy.etag), at: call.time)
            return PolicyV1(record)
        }
    }

    private var clear: any Method {
        row(
            "ClearOrgPolicy", "orgpolicy.policy.set",
            { (request: Google_Cloud_Resourcemanager_V1_ClearOrgPolicyRequest) in request.resource }
        ) { request, _ -> Google_Protobuf_Empty in
            _ = try await policies.remove(
                request.constraint, on: Self.resource(request.resource), etag: request.etag)
            return .init()
        }
    }

    private static func resource(_ name: String) throws -> Resource {
        try PolicyName.resource(name, field: "resource")
    }
}
