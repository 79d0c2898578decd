import Access
import Methods
import Schema
import Store
import SwiftProtobuf

/// `organizations` of v3, which the libraries call.
struct OrganizationsV3: Sendable {
    let directory: VisibleDirectory
    let policies: PolicyMethods

    private static let name = "google.cloud.resourcemanager.v3.Organizations"

    var methods: [any Method] { [get, search] + policyMethods }

    private var get: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V3_GetOrganizationRequest, Google_Cloud_Resourcemanager_V3_Organization
        >(
            "\(Self.name).GetOrganization", .get("/v3/{name=organizations/*}"),
            access: .permission(
                "resourcemanager.organizations.get", on: { try ResourceNames.organization($0.name, field: "name") })
        ) { request, call in
            .init(try await directory.organization(String(request.name.split(separator: "/").last ?? ""), for: call))
        }
    }

    private var search: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V3_SearchOrganizationsRequest,
            Google_Cloud_Resourcemanager_V3_SearchOrganizationsResponse
        >(
            "\(Self.name).SearchOrganizations", .get("/v3/organizations:search"),
            access: .byHandler("the answer holds the organizations that the caller may get")
        ) { request, call in
            let page = try await directory.organizations(
                filter: ListFilter(request.query, keys: ["domain"], field: "query"),
                pageSize: request.pageSize, token: request.pageToken, scope: ["v3.organizations", request.query],
                for: call)
            return .with {
                $0.organizations = page.organizations.map(Google_Cloud_Resourcemanager_V3_Organization.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var policyMethods: [any Method] {
        [
            UnaryMethod<Google_Iam_V1_GetIamPolicyRequest, Google_Iam_V1_Policy>(
                "\(Self.name).GetIamPolicy", .post("/v3/{resource=organizations/*}:getIamPolicy", body: "*"),
                access: .permission(
                    "resourcemanager.organizations.getIamPolicy", on: { try Self.organization($0.resource) })
            ) { request, _ in try await policies.get(Self.organization(request.resource), request) },
            UnaryMethod<Google_Iam_V1_SetIamPolicyRequest, Google_Iam_V1_Policy>(
                "\(Self.name).SetIamPolicy", .post("/v3/{resource=organizations/*}:setIamPolicy", body: "*"),
                access: .permission(
                    "resourcemanager.organizations.setIamPolicy", on: { try Self.organization($0.resource) })
            ) { request, _ in try await policies.set(Self.organization(request.resource), request) },
            UnaryMethod<Google_Iam_V1_TestIamPermissionsRequest, Google_Iam_V1_TestIamPermissionsResponse>(
                "\(Self.name).TestIamPermissions",
                .post("/v3/{resource=organizations/*}:testIamPermissions", body: "*"),
                access: .anyCaller("callers may ask about themselves")
            ) { request, call in try await policies.test(Self.organization(request.resource), request, call) },
        ]
    }

    private static func organization(_ name: String) throws -> Resource {
        try ResourceNames.organization(name, field: "resource")
    }
}

extension Google_Cloud_Resourcemanager_V3_Organization {
    init(_ organization: OrganizationRecord) {
        self.init()
        name = "organizations/\(organization.number)"
        displayName = organization.domain
        state = .active
        createTime = .init(date: organization.createdAt)
    }
}
