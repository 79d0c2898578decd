import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// `projects` of v1, which gcloud calls.
struct ProjectsV1: Sendable {
    let directory: VisibleDirectory

    private static let name = "google.cloud.resourcemanager.v1.Projects"
    private static let filterKeys: Set = [
        "id", "projectid", "name", "lifecyclestate", "projectnumber", "parent.type", "parent.id", "labels.",
    ]

    var methods: [any Method] { [get, list, getAncestry] }

    private var get: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V1_GetProjectRequest, Google_Cloud_Resourcemanager_V1_Project>(
            "\(Self.name).GetProject", .get("/v1/projects/{project_id}"),
            access: .permission(
                "resourcemanager.projects.get", on: { try ResourceNames.project(id: $0.projectID, field: "project_id") }
            )
        ) { request, call in
            .init(try directory.project(request.projectID, for: call))
        }
    }

    private var list: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V1_ListProjectsRequest, Google_Cloud_Resourcemanager_V1_ListProjectsResponse
        >(
            "\(Self.name).ListProjects", .get("/v1/projects"),
            access: .byHandler("the answer holds the projects that the caller may get")
        ) { request, call in
            let filter = try ListFilter(request.filter, keys: Self.filterKeys, field: "filter")
            let scope = ["v1.projects", request.filter]
            let page = try await directory.projects(
                after: PageToken.read(request.pageToken, scope: scope),
                limit: PageSize.read(request.pageSize, default: 500, maximum: 500), for: call
            ) { project in filter.matches { project.filterValue($0) } }
            try await call.noteFound(page.projects.map(\.resource), by: "resourcemanager.projects.get")
            return try .with {
                $0.projects = page.projects.map(Google_Cloud_Resourcemanager_V1_Project.init)
                $0.nextPageToken = try page.last.map { try PageToken.make(after: $0, scope: scope) } ?? ""
            }
        }
    }

    private var getAncestry: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V1_GetAncestryRequest, Google_Cloud_Resourcemanager_V1_GetAncestryResponse
        >(
            "\(Self.name).GetAncestry", .post("/v1/projects/{project_id}:getAncestry", body: "*"),
            access: .permission(
                "resourcemanager.projects.get", on: { try ResourceNames.project(id: $0.projectID, field: "project_id") }
            )
        ) { request, call in
            let project = try directory.project(request.projectID, for: call)
            return .with {
                $0.ancestor = directory.state.access.hierarchy.lineage(of: project.resource).map { resource in
                    .with { $0.resourceID = .init(resource) }
                }
            }
        }
    }
}

extension Google_Cloud_Resourcemanager_V1_Project {
    init(_ project: ProjectRecord) {
        self.init()
        projectNumber = Int64(project.number) ?? 0
        projectID = project.id
        lifecycleState = project.isActive ? .active : .deleteRequested
        name = project.displayName
        createTime = .init(date: project.createdAt)
        labels = project.labels
        parent = .init(project.parent)
    }
}

extension Google_Cloud_Resourcemanager_V1_ResourceId {
    /// A project, folder or organization by its type and id.
    init(_ resource: Resource) {
        self.init()
        let parts = resource.path.split(separator: "/").map(String.init)
        // projects/demo → project
        type = String(parts.first?.dropLast() ?? "")
        id = parts.last ?? ""
    }
}

extension ProjectRecord {
    /// The value that a filter compares for a key in lower case.
    func filterValue(_ key: String) -> String? {
        switch key {
        case "id", "projectid": id
        case "name", "displayname": displayName
        case "lifecyclestate", "state": isActive ? "ACTIVE" : "DELETE_REQUESTED"
        case "projectnumber": number
        case "parent": parent.path
        case "parent.type": Google_Cloud_Resourcemanager_V1_ResourceId(parent).type
        case "parent.id": Google_Cloud_Resourcemanager_V1_ResourceId(parent).id
        default: labels[String(key.dropFirst("labels.".count))]
        }
    }
}
