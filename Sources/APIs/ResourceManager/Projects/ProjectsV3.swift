import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// `projects` of v3, which the libraries call.
struct ProjectsV3: Sendable {
    let directory: VisibleDirectory

    private static let name = "google.cloud.resourcemanager.v3.Projects"
    private static let filterKeys: Set = ["id", "projectid", "name", "displayname", "state", "parent", "labels."]

    var methods: [any Method] { [get, list, search] }

    private var get: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_GetProjectRequest, Google_Cloud_Resourcemanager_V3_Project>(
            "\(Self.name).GetProject", .get("/v3/{name=projects/*}"),
            access: .permission(
                "resourcemanager.projects.get", on: { try ResourceNames.project($0.name, field: "name") })
        ) { request, call in
            .init(try directory.project(String(request.name.split(separator: "/").last ?? ""), for: call))
        }
    }

    private var list: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V3_ListProjectsRequest, Google_Cloud_Resourcemanager_V3_ListProjectsResponse
        >(
            "\(Self.name).ListProjects", .get("/v3/projects"),
            access: .permission(
                "resourcemanager.projects.list", on: { try ResourceNames.parent($0.parent, field: "parent") })
        ) { request, call in
            let parent = try ResourceNames.parent(request.parent, field: "parent")
            let scope = ["v3.projects", request.parent, "\(request.showDeleted)"]
            let page = try await directory.projects(
                after: PageToken.read(request.pageToken, scope: scope),
                limit: PageSize.read(request.pageSize, default: 300, maximum: 300), for: call
            ) { $0.parent == parent && ($0.isActive || request.showDeleted) }
            return try .with {
                $0.projects = page.projects.map(Google_Cloud_Resourcemanager_V3_Project.init)
                $0.nextPageToken = try page.last.map { try PageToken.make(after: $0, scope: scope) } ?? ""
            }
        }
    }

    private var search: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V3_SearchProjectsRequest,
            Google_Cloud_Resourcemanager_V3_SearchProjectsResponse
        >(
            "\(Self.name).SearchProjects", .get("/v3/projects:search"),
            access: .byHandler("the answer holds the projects that the caller may get")
        ) { request, call in
            let filter = try ListFilter(request.query, keys: Self.filterKeys, field: "query")
            let scope = ["v3.projects:search", request.query]
            let page = try await directory.projects(
                after: PageToken.read(request.pageToken, scope: scope),
                limit: PageSize.read(request.pageSize, default: 300, maximum: 300), for: call
            ) { project in filter.matches { project.filterValue($0) } }
            try await call.noteFound(page.projects.map(\.resource), by: "resourcemanager.projects.get")
            return try .with {
                $0.projects = page.projects.map(Google_Cloud_Resourcemanager_V3_Project.init)
                $0.nextPageToken = try page.last.map { try PageToken.make(after: $0, scope: scope) } ?? ""
            }
        }
    }
}

extension Google_Cloud_Resourcemanager_V3_Project {
    init(_ project: ProjectRecord) {
        self.init()
        name = "projects/\(project.number)"
        parent = project.parent.path
        projectID = project.id
        state = project.isActive ? .active : .deleteRequested
        displayName = project.displayName
        createTime = .init(date: project.createdAt)
        updateTime = .init(date: project.updatedAt)
        if let time = project.deletedAt { deleteTime = .init(date: time) }
        etag = project.etag
        labels = project.labels
    }
}
