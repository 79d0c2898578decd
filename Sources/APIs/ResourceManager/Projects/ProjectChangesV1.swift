import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// Changes of `projects` in v1, which gcloud calls.
struct ProjectChangesV1: Sendable {
    let lifecycle: ProjectLifecycle

    private static let name = "google.cloud.resourcemanager.v1.Projects"

    var methods: [any Method] { [create, update, delete, undelete] }

    private var create: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V1_Project, Google_Longrunning_Operation>(
            "\(Self.name).CreateProject", .post("/v1/projects", body: "*"),
            access: .byHandler("without a parent the organization of the caller is meant")
        ) { request, call in
            let project = try await lifecycle.create(fields(of: request), for: call)
            return try ProjectOperation(.create, project).v1(project)
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V1_Project, Google_Cloud_Resourcemanager_V1_Project>(
            "\(Self.name).UpdateProject", .put("/v1/projects/{project_id}", body: "*"),
            access: .permission("resourcemanager.projects.update", on: { try Self.project($0.projectID) })
        ) { request, call in
            let fields = try fields(of: request)
            let project = try lifecycle.directory.project(request.projectID, for: call)
            if let parent = fields.parent, parent != project.parent {
                _ = try await lifecycle.move(project.id, to: parent, field: "parent", for: call)
            }
            return .init(
                try await lifecycle.update(
                    project.id, displayName: fields.checkedName(), labels: fields.checkedLabels(), for: call))
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V1_DeleteProjectRequest, Google_Protobuf_Empty>(
            "\(Self.name).DeleteProject", .delete("/v1/projects/{project_id}"),
            access: .permission("resourcemanager.projects.delete", on: { try Self.project($0.projectID) })
        ) { request, call in
            _ = try await lifecycle.delete(request.projectID, again: false, for: call)
            return .init()
        }
    }

    private var undelete: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V1_UndeleteProjectRequest, Google_Protobuf_Empty>(
            "\(Self.name).UndeleteProject", .post("/v1/projects/{project_id}:undelete", body: "*"),
            access: .permission("resourcemanager.projects.undelete", on: { try Self.project($0.projectID) })
        ) { request, call in
            _ = try await lifecycle.undelete(request.projectID, for: call)
            return .init()
        }
    }

    /// What a request says of a project; its number, its state and its times are for the server to say.
    private func fields(of request: Google_Cloud_Resourcemanager_V1_Project) throws -> ProjectFields {
        .init(
            id: request.projectID, displayName: request.name, labels: request.labels,
            parent: request.hasParent ? try Self.parent(request.parent) : nil, paths: .v1)
    }

    private static func parent(_ id: Google_Cloud_Resourcemanager_V1_ResourceId) throws -> Resource {
        guard ["organization", "folder"].contains(id.type) else {
            throw ServiceError.invalidArgument(
                "A project lies in an organization or a folder, not in a '\(id.type.prefix(100))'.",
                field: "parent.type")
        }
        return try ResourceNames.parent("\(id.type)s/\(id.id)", field: "parent.id")
    }

    private static func project(_ id: String) throws -> Resource {
        try ResourceNames.project(id: id, field: "project_id")
    }
}
