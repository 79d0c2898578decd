import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// `folders` of v3, which the libraries call.
struct FoldersV3: Sendable {
    let lifecycle: FolderLifecycle

    private static let name = "google.cloud.resourcemanager.v3.Folders"
    private static let filterKeys: Set = ["displayname", "parent", "state", "lifecyclestate"]

    var methods: [any Method] { [get, list, search, create, update, move, delete, undelete] }

    private var get: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_GetFolderRequest, Google_Cloud_Resourcemanager_V3_Folder>(
            "\(Self.name).GetFolder", .get("/v3/{name=folders/*}"),
            access: .permission(
                "resourcemanager.folders.get", on: { try ResourceNames.folder($0.name, field: "name") })
        ) { request, call in
            .init(try lifecycle.folder(ResourceNames.lastPart(request.name), for: call))
        }
    }

    private var list: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V3_ListFoldersRequest, Google_Cloud_Resourcemanager_V3_ListFoldersResponse
        >(
            "\(Self.name).ListFolders", .get("/v3/folders"),
            access: .permission(
                "resourcemanager.folders.list", on: { try ResourceNames.parent($0.parent, field: "parent") })
        ) { request, _ in
            let parent = try ResourceNames.parent(request.parent, field: "parent")
            let page = try ListPage(
                lifecycle.children(of: parent, showDeleted: request.showDeleted), by: \.number, size: request.pageSize,
                default: 300,
                maximum: 300, token: request.pageToken, scope: ["v3.folders", request.parent, "\(request.showDeleted)"])
            return .with {
                $0.folders = page.items.map(Google_Cloud_Resourcemanager_V3_Folder.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var search: any Method {
        UnaryMethod<
            Google_Cloud_Resourcemanager_V3_SearchFoldersRequest, Google_Cloud_Resourcemanager_V3_SearchFoldersResponse
        >(
            "\(Self.name).SearchFolders", .get("/v3/folders:search"),
            access: .byHandler("the answer holds the folders that the caller may get")
        ) { request, call in
            let filter = try ListFilter(request.query, keys: Self.filterKeys, field: "query")
            var visible: [FolderRecord] = []
            for folder in lifecycle.directory.state.folders.sorted where filter.matches({ folder.filterValue($0) }) {
                if try await call.mayUse("resourcemanager.folders.get", on: folder.resource) { visible.append(folder) }
            }
            let page = try ListPage(
                visible, by: \.number, size: request.pageSize, default: 300,
                maximum: 300, token: request.pageToken, scope: ["v3.folders:search", request.query])
            try await call.noteFound(page.items.map(\.resource), by: "resourcemanager.folders.get")
            return .with {
                $0.folders = page.items.map(Google_Cloud_Resourcemanager_V3_Folder.init)
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var create: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_CreateFolderRequest, Google_Longrunning_Operation>(
            "\(Self.name).CreateFolder", .post("/v3/folders", body: "folder"),
            access: .permission(
                "resourcemanager.folders.create",
                on: { try ResourceNames.parent($0.folder.parent, field: "folder.parent") })
        ) { request, call in
            let folder = try await lifecycle.create(
                request.folder.displayName, in: ResourceNames.parent(request.folder.parent, field: "folder.parent"),
                field: "folder.display_name", at: call.time)
            return try FolderOperation(.create, folder).v3(folder)
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_UpdateFolderRequest, Google_Longrunning_Operation>(
            "\(Self.name).UpdateFolder", .patch("/v3/{folder.name=folders/*}", body: "folder"),
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
                etag: request.folder.etag, for: call)
            return try FolderOperation(.update, folder).v3(folder)
        }
    }

    private var move: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_MoveFolderRequest, Google_Longrunning_Operation>(
            "\(Self.name).MoveFolder", .post("/v3/{name=folders/*}:move", body: "*"),
            access: .byHandler("it takes a permission on the parent that is and on the one that is to be")
        ) { request, call in
            let folder = try await lifecycle.move(
                ResourceNames.lastPart(request.name),
                to: ResourceNames.parent(request.destinationParent, field: "destination_parent"), for: call)
            return try FolderOperation(.move, folder).v3(folder)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_DeleteFolderRequest, Google_Longrunning_Operation>(
            "\(Self.name).DeleteFolder", .delete("/v3/{name=folders/*}"),
            access: .permission(
                "resourcemanager.folders.delete", on: { try ResourceNames.folder($0.name, field: "name") })
        ) { request, call in
            let folder = try await lifecycle.delete(ResourceNames.lastPart(request.name), for: call)
            return try FolderOperation(.delete, folder).v3(folder)
        }
    }

    private var undelete: any Method {
        UnaryMethod<Google_Cloud_Resourcemanager_V3_UndeleteFolderRequest, Google_Longrunning_Operation>(
            "\(Self.name).UndeleteFolder", .post("/v3/{name=folders/*}:undelete", body: "*"),
            access: .permission(
                "resourcemanager.folders.undelete", on: { try ResourceNames.folder($0.name, field: "name") })
        ) { request, call in
            let folder = try await lifecycle.undelete(ResourceNames.lastPart(request.name), for: call)
            return try FolderOperation(.undelete, folder).v3(folder)
        }
    }
}

extension Google_Cloud_Resourcemanager_V3_Folder {
    /// A folder as clients see it.
    init(_ folder: FolderRecord) {
        self.init()
        name = "folders/\(folder.number)"
        parent = folder.parent.path
        displayName = folder.displayName
        state = folder.isActive ? .active : .deleteRequested
        createTime = .init(date: folder.createdAt)
        updateTime = .init(date: folder.updatedAt)
        if let time = folder.deletedAt { deleteTime = .init(date: time) }
        etag = folder.etag
    }
}
