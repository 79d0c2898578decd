import Access
import Methods
import Schema
import Store
import SwiftProtobuf

/// `organizations` of v1, which gcloud calls.
struct OrganizationsV1: Sendable {
    let directory: VisibleDirectory
    let policies: PolicyMethods

    private static let name = "google.cloud.resourcemanager.v1.Organizations"

    var methods: [any Method] { [get, search] + policyMethods }

    private var get: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V1_GetOrganizationRequest, Google_Cloud_Resourcemanager_V1_Organization
        >(
            "\(Self.name).GetOrganization", .get("/v1/{name=organizations/*}"),
            access: .permission(
                "resourcemanager.organizations.get", on: { try ResourceNames.organization($0.name, field: "name") })
        ) { request, call in
            .init(try await directory.organization(String(request.name.split(separator: "/").last ?? ""), for: call))
        }
    }

    private var search: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V1_SearchOrganizationsRequest,
            Google_Cloud_Resourcemanager_V1_SearchOrganizationsResponse
        >(
            "\(Self.name).SearchOrganizations", .post("/v1/organizations:search", body: "*"),
            access: .byHandler("the answer holds the organizations that the caller may get")
        ) { request, call in
            let page = try await directory.organizations(
                filter: ListFilter(request.filter, keys: ["domain"], field: "filter"),
                pageSize: request.pageSize, token: request.pageToken, scope: ["v1.organizations", request.filter],
                for: call)
            return .with {
                $0.organizations = page.organizations.map(Google_Cloud_Resourcemanager_V1_Organization.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var policyMethods: [any Method] {
        [
            UnaryMethod<Google_Iam_V1_GetIamPolicyRequest, Google_Iam_V1_Policy>(
                "\(Self.name).GetIamPolicy", .post("/v1/{resource=organizations/*}:getIamPolicy", body: "*"),
                access: .permission(
                    "resourcemanager.organizations.getIamPolicy", on: { try Self.organization($0.resource) })
            ) { request, _ in try await policies.get(Self.organization(request.resource), request) },
            UnaryMethod<Google_Iam_V1_SetIamPolicyRequest, Google_Iam_V1_Policy>(
                "\(Self.name).SetIamPolicy", .post("/v1/{resource=organizations/*}:setIamPolicy", body: "*"),
                access: .permission(
                    "resourcemanager.organizations.setIamPolicy", on: { try Self.organization($0.resource) })
            ) { request, _ in try await policies.set(Self.organization(request.resource), request) },
            UnaryMethod<Google_Iam_V1_TestIamPermissionsRequest, Google_Iam_V1_TestIamPermissionsResponse>(
                "\(Self.name).TestIamPermissions",
                .post("/v1/{resource=organizations/*}:testIamPermissions", body: "*"),
                access: .anyCaller("callers may ask about themselves")
            ) { request, call in try await policies.test(Self.organization(request.resource), request, call) },
        ]
    }

    private static func organization(_ name: String) throws -> Resource {
        try ResourceNames.organization(name, field: "resource")
    }
}

extension Google_Cloud_Resourcemanager_V1_Organization {
    init(_ organization: OrganizationRecord) {
        self.init()
        name = "organizations/\(organization.number)"
        displayName = organization.domain
        lifecycleState = .active
        creationTime = .init(date: organization.createdAt)
    }
}
