import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// `organizations` of v1, which gcloud calls.
struct OrganizationsV1: Sendable {
    let directory: VisibleDirectory

    private static let name = "google.cloud.resourcemanager.v1.Organizations"

    var methods: [any Method] { [get, search] }

    private var get: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V1_GetOrganizationRequest, Google_Cloud_Resourcemanager_V1_Organization
        >(
            "\(Self.name).GetOrganization", .get("/v1/{name=organizations/*}"),
            access: .permission(
                "resourcemanager.organizations.get", on: { try ResourceNames.organization($0.name, field: "name") })
        ) { request, call in
            .init(try directory.organization(String(request.name.split(separator: "/").last ?? ""), for: call))
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
                $0.organizations = page.items.map(Google_Cloud_Resourcemanager_V1_Organization.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }
}

extension Google_Cloud_Resourcemanager_V1_Organization {
    init(_ organization: OrganizationRecord) {
        self.init()
        name = "organizations/\(organization.number)"
        displayName = organization.domain
        owner.directoryCustomerID = organization.customer
        lifecycleState = .active
        creationTime = .init(date: organization.createdAt)
    }
}
