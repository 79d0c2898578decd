import Access
import Methods
import Schema
import SwiftProtobuf

/// Changes of `projects` in v3, which the libraries call.
struct ProjectChangesV3: Sendable {
    let lifecycle: ProjectLifecycle

    private static let name = "google.cloud.resourcemanager.v3.Projects"

    var methods: [any Method] { [create, update, move, delete, undelete] }

    private var create: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_CreateProjectRequest, Google_Longrunning_Operation>(
            "\(Self.name).CreateProject", .post("/v3/projects", body: "project"),
            access: .byHandler("without a parent the organization of the caller is meant")
        ) { request, call in
            let project = request.project
            let fields = ProjectFields(
                id: project.projectID, displayName: project.displayName, labels: project.labels,
                parent: project.parent.isEmpty
                    ? nil : try ResourceNames.parent(project.parent, field: ProjectFields.Paths.v3.parent),
                paths: .v3)
            let record = try await lifecycle.create(fields, for: call)
            return try ProjectOperation(.create, record).v3(record)
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_UpdateProjectRequest, Google_Longrunning_Operation>(
            "\(Self.name).UpdateProject", .patch("/v3/{project.name=projects/*}", body: "project"),
            access: .permission(
                "resourcemanager.projects.update",
                on: { try ResourceNames.project($0.project.name, field: "project.name") })
        ) { request, call in
            let mask = try Self.mask(request)
            let wanted = request.project
            let name = mask.contains("display_name") ? wanted.displayName : nil
            let labels = mask.contains("labels") ? wanted.labels : nil
            if let name { try ProjectRules.check(displayName: name, field: ProjectFields.Paths.v3.displayName) }
            if let labels { try ProjectRules.check(labels: labels, field: ProjectFields.Paths.v3.labels) }
            let project = try await lifecycle.update(
                ResourceNames.lastPart(wanted.name), displayName: name, labels: labels, etag: wanted.etag, for: call)
            return try ProjectOperation(.update, project).v3(project)
        }
    }

    private var move: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_MoveProjectRequest, Google_Longrunning_Operation>(
            "\(Self.name).MoveProject", .post("/v3/{name=projects/*}:move", body: "*"),
            access: .permission(
                "resourcemanager.projects.update", on: { try ResourceNames.project($0.name, field: "name") })
        ) { request, call in
            let destination = try ResourceNames.parent(request.destinationParent, field: "destination_parent")
            let project = try await lifecycle.move(
                ResourceNames.lastPart(request.name), to: destination, field: "destination_parent", for: call)
            return try ProjectOperation(.move, project).v3(project)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_DeleteProjectRequest, Google_Longrunning_Operation>(
            "\(Self.name).DeleteProject", .delete("/v3/{name=projects/*}"),
            access: .permission(
                "resourcemanager.projects.delete", on: { try ResourceNames.project($0.name, field: "name") })
        ) { request, call in
            let project = try await lifecycle.delete(ResourceNames.lastPart(request.name), again: true, for: call)
            return try ProjectOperation(.delete, project).v3(project)
        }
    }

    private var undelete: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_UndeleteProjectRequest, Google_Longrunning_Operation>(
            "\(Self.name).UndeleteProject", .post("/v3/{name=projects/*}:undelete", body: "*"),
            access: .permission(
                "resourcemanager.projects.undelete", on: { try ResourceNames.project($0.name, field: "name") })
        ) { request, call in
            let project = try await lifecycle.undelete(ResourceNames.lastPart(request.name), for: call)
            return try ProjectOperation(.undelete, project).v3(project)
        }
    }

    /// The fields that an update changes: those of its mask, or those that are set where it has none.
    private static func mask(_ request: Google_Cloud_Resourcemanager_V3_UpdateProjectRequest) throws -> Set<String> {
        let all: Set = ["display_name", "labels"]
        let paths = request.updateMask.paths
        if paths == ["*"] { return all }
        for path in paths where !all.contains(path) {
            throw ServiceError.invalidArgument(
                "The update mask names '\(path.prefix(100))': only display_name and labels of a project can be changed.",
                field: "update_mask")
        }
        guard paths.isEmpty else { return Set(paths) }
        return all.filter { $0 == "labels" ? !request.project.labels.isEmpty : !request.project.displayName.isEmpty }
    }
}
