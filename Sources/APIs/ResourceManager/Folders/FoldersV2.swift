import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// `folders` of v2, which gcloud calls.
struct FoldersV2: Sendable {
    let lifecycle: FolderLifecycle

    private static let name = "google.cloud.resourcemanager.v2.Folders"
    private static let filterKeys: Set = ["displayname", "parent", "state", "lifecyclestate"]

    var methods: [any Method] { [get, list, search, create, update, move, delete, undelete] }

    private var get: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V2_GetFolderRequest, Google_Cloud_Resourcemanager_V2_Folder>(
            "\(Self.name).GetFolder", .get("/v2/{name=folders/*}"),
            access: .permission(
                "resourcemanager.folders.get", on: { try ResourceNames.folder($0.name, field: "name") })
        ) { request, call in
            .init(try lifecycle.folder(ResourceNames.lastPart(request.name), for: call))
        }
    }

    private var list: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V2_ListFoldersRequest, Google_Cloud_Resourcemanager_V2_ListFoldersResponse
        >(
            "\(Self.name).ListFolders", .get("/v2/folders"),
            access: .permission(
                "resourcemanager.folders.list", on: { try ResourceNames.parent($0.parent, field: "parent") })
        ) { request, _ in
            let parent = try ResourceNames.parent(request.parent, field: "parent")
            let page = try ListPage(
                lifecycle.children(of: parent, showDeleted: request.showDeleted), by: \.number, size: request.pageSize,
                default: 300,
                maximum: 300, token: request.pageToken, scope: ["v2.folders", request.parent, "\(request.showDeleted)"])
            return .with {
                $0.folders = page.items.map(Google_Cloud_Resourcemanager_V2_Folder.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var search: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V2_SearchFoldersRequest, Google_Cloud_Resourcemanager_V2_SearchFoldersResponse
        >(
            "\(Self.name).SearchFolders", .post("/v2/folders:search", body: "*"),
            access: .byHandler("the answer holds the folders that the caller may get")
        ) { request, call in
            let filter = try ListFilter(request.query, keys: Self.filterKeys, field: "query")
            var visible: [FolderRecord] = []
            for folder in lifecycle.directory.state.folders.sorted where filter.matches({ folder.filterValue($0) }) {
                if try await call.mayUse("resourcemanager.folders.get", on: folder.resource) { visible.append(folder) }
            }
            let page = try ListPage(
                visible, by: \.number, size: request.pageSize, default: 300,
                maximum: 300, token: request.pageToken, scope: ["v2.folders:search", request.query])
            try await call.noteFound(page.items.map(\.resource), by: "resourcemanager.folders.get")
            return .with {
                $0.folders = page.items.map(Google_Cloud_Resourcemanager_V2_Folder.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var create: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V2_CreateFolderRequest, Google_Longrunning_Operation>(
            "\(Self.name).CreateFolder", .post("/v2/folders", body: "folder"),
            access: .permission(
                "resourcemanager.folders.create",
                on: { try ResourceNames.parent($0.parent, field: "parent") })
        ) { request, call in
            let folder = try await lifecycle.create(
                request.folder.displayName, in: ResourceNames.parent(request.parent, field: "parent"),
                field: "folder.display_name", at: call.time)
            return try FolderOperation(.create, folder).v2(folder)
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V2_UpdateFolderRequest, Google_Cloud_Resourcemanager_V2_Folder>(
            "\(Self.name).UpdateFolder", .patch("/v2/{folder.name=folders/*}", body: "folder"),
            access: .permission(
                "resourcemanager.folders.update",
                on: { try ResourceNames.folder($0.folder.name, field: "folder.name") })
        ) { request, call in
            for path in request.updateMask.paths where !["display_name", "*"].contains(path) {
                throw ServiceError.invalidArgument(
                    "The update mask names '\(path.prefix(100))': only display_name of a folder can be changed.",
                    field: "update_mask")
            }
            let folder = try await lifecycle.rename(
                ResourceNames.lastPart(request.folder.name), request.folder.displayName, field: "folder.display_name",
                etag: "", for: call)
            return .init(folder)
        }
    }

    private var move: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V2_MoveFolderRequest, Google_Longrunning_Operation>(
            "\(Self.name).MoveFolder", .post("/v2/{name=folders/*}:move", body: "*"),
            access: .byHandler("it takes a permission on the parent that is and on the one that is to be")
        ) { request, call in
            let folder = try await lifecycle.move(
                ResourceNames.lastPart(request.name),
                to: ResourceNames.parent(request.destinationParent, field: "destination_parent"), for: call)
            return try FolderOperation(.move, folder).v2(folder)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V2_DeleteFolderRequest, Google_Cloud_Resourcemanager_V2_Folder>(
            "\(Self.name).DeleteFolder", .delete("/v2/{name=folders/*}"),
            access: .permission(
                "resourcemanager.folders.delete", on: { try ResourceNames.folder($0.name, field: "name") })
        ) { request, call in
            let folder = try await lifecycle.delete(ResourceNames.lastPart(request.name), for: call)
            return .init(folder)
        }
    }

    private var undelete: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V2_UndeleteFolderRequest, Google_Cloud_Resourcemanager_V2_Folder>(
            "\(Self.name).UndeleteFolder", .post("/v2/{name=folders/*}:undelete", body: "*"),
            access: .permission(
                "resourcemanager.folders.undelete", on: { try ResourceNames.folder($0.name, field: "name") })
        ) { request, call in
            let folder = try await lifecycle.undelete(ResourceNames.lastPart(request.name), for: call)
            return .init(folder)
        }
    }
}

extension Google_Cloud_Resourcemanager_V2_Folder {
    /// A folder as clients see it.
    init(_ folder: FolderRecord) {
        self.init()
        name = "folders/\(folder.number)"
        parent = folder.parent.path
        displayName = folder.displayName
        lifecycleState = folder.isActive ? .active : .deleteRequested
        createTime = .init(date: folder.createdAt)
    }
}
