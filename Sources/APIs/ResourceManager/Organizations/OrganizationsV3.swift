import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// `organizations` of v3, which the libraries call.
struct OrganizationsV3: Sendable {
    let directory: VisibleDirectory

    private static let name = "google.cloud.resourcemanager.v3.Organizations"

    var methods: [any Method] { [get, search] }

    private var get: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V3_GetOrganizationRequest, Google_Cloud_Resourcemanager_V3_Organization
        >(
            "\(Self.name).GetOrganization", .get("/v3/{name=organizations/*}"),
            access: .permission(
                "resourcemanager.organizations.get", on: { try ResourceNames.organization($0.name, field: "name") })
        ) { request, call in
            .init(try directory.organization(String(request.name.split(separator: "/").last ?? ""), for: call))
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
                $0.organizations = page.items.map(Google_Cloud_Resourcemanager_V3_Organization.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }
}

extension Google_Cloud_Resourcemanager_V3_Organization {
    init(_ organization: OrganizationRecord) {
        self.init()
        name = "organizations/\(organization.number)"
        displayName = organization.domain
        directoryCustomerID = organization.customer
        state = .active
        createTime = .init(date: organization.createdAt)
    }
}
