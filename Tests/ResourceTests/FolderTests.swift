import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

private typealias Folder = Google_Cloud_Resourcemanager_V3_Folder
private typealias Operation = Google_Longrunning_Operation

@Suite("Folders")
struct FolderTests {
    private let fixture = try? Fixture()

    /// An installation whose owner may do everything with folders.
    private func installed() async throws -> (Fixture, ProjectRecord) {
        let fixture = try #require(fixture)
        let project = try await fixture.install().project
        for role in ["roles/resourcemanager.folderAdmin", "roles/resourcemanager.projectMover"] {
            try await fixture.directory.grant(role, to: "user:alice@example.com", on: project.parent)
        }
        return (fixture, project)
    }

    private func create(
        _ fixture: Fixture, _ name: String, in parent: String, as email: String = "alice@example.com"
    ) async throws -> Folder {
        let operation: Operation = try await fixture.call(
            "v3.Folders.CreateFolder",
            Google_Cloud_Resourcemanager_V3_CreateFolderRequest.with {
                $0.folder.displayName = name
                $0.folder.parent = parent
            }, as: email)
        #expect(operation.done)
        let again: Operation = try await fixture.call(
            "longrunning.Operations.GetOperation",
            Google_Longrunning_GetOperationRequest.with { $0.name = operation.name },
            at: "cloudresourcemanager.googleapis.com")
        #expect(again == operation)
        return try Folder(unpackingAny: operation.response)
    }

    private func move(_ fixture: Fixture, _ folder: Folder, to parent: String) async throws {
        let _: Operation = try await fixture.call(
            "v3.Folders.MoveFolder",
            Google_Cloud_Resourcemanager_V3_MoveFolderRequest.with {
                $0.name = folder.name
                $0.destinationParent = parent
            })
    }

    private func violation(_ error: ServiceError?) -> String? {
        error?.details.lazy.compactMap { $0 as? Google_Rpc_PreconditionFailure }.first?.violations.first?.type
    }

    private func refusal(_ body: () async throws -> Void) async -> ServiceError? {
        await #expect(throws: ServiceError.self) { try await body() }
    }

    @Test("hand down what is granted on them, to whatever is moved into them")
    func inheritance() async throws {
        let (fixture, project) = try await installed()
        let outer = try await create(fixture, "outer", in: project.parent.path)
        let inner = try await create(fixture, "inner", in: outer.name)
        let number = String(outer.name.dropFirst("folders/".count))
        try await fixture.directory.grant(
            "roles/batch.jobsViewer", to: "user:bob@example.com", on: .folder(number))
        let bob = Principal.user("bob@example.com")
        func mayList() -> Bool { fixture.directory.decide(bob, "batch.jobs.list", on: .project("demo")).isAllowed }
        #expect(!mayList())
        let _: Operation = try await fixture.call(
            "v3.Projects.MoveProject",
            Google_Cloud_Resourcemanager_V3_MoveProjectRequest.with {
                $0.name = "projects/demo"
                $0.destinationParent = inner.name
            })
        #expect(mayList())
        try await move(fixture, inner, to: project.parent.path)
        #expect(!mayList())
        let ancestry: Google_Cloud_Resourcemanager_V1_GetAncestryResponse = try await fixture.call(
            "v1.Projects.GetAncestry",
            Google_Cloud_Resourcemanager_V1_GetAncestryRequest.with { $0.projectID = "demo" })
        #expect(ancestry.ancestor.map(\.resourceID.type) == ["project", "folder", "organization"])
    }

    @Test("lie in each other without a circle, ten deep, with names of their own")
    func limits() async throws {
        let (fixture, project) = try await installed()
        var folders = [try await create(fixture, "f0", in: project.parent.path)]
        for depth in 1..<10 { folders.append(try await create(fixture, "f\(depth)", in: folders[depth - 1].name)) }
        let deep = await refusal { _ = try await create(fixture, "f10", in: folders[9].name) }
        #expect(violation(deep) == "FOLDER_HEIGHT_VIOLATION")
        let circle = await refusal { try await move(fixture, folders[0], to: folders[5].name) }
        #expect(violation(circle) == "CYCLE_INTRODUCED_ERROR")
        let twin = await refusal { _ = try await create(fixture, "f1", in: folders[0].name) }
        #expect(violation(twin) == "FOLDER_NAME_UNIQUENESS_VIOLATION")
        for name in ["", " a", "a/b", String(repeating: "a", count: 31)] {
            let wrong = await refusal { _ = try await create(fixture, name, in: project.parent.path) }
            #expect(wrong?.code == .invalidArgument)
        }
        #expect(fixture.directory.state.folders.count == 10)
    }

    @Test("are deleted when nothing in use lies in them, and taken up again")
    func lifecycle() async throws {
        let (fixture, project) = try await installed()
        let outer = try await create(fixture, "outer", in: project.parent.path)
        let inner = try await create(fixture, "inner", in: outer.name)
        func delete(_ folder: Folder) async throws {
            let _: Operation = try await fixture.call(
                "v3.Folders.DeleteFolder",
                Google_Cloud_Resourcemanager_V3_DeleteFolderRequest.with { $0.name = folder.name })
        }
        let full = await refusal { try await delete(outer) }
        #expect(violation(full) == "FOLDER_TO_DELETE_NON_EMPTY_VIOLATION")
        try await delete(inner)
        try await delete(outer)
        let twice = await refusal { try await delete(outer) }
        #expect(twice?.code == .failedPrecondition)
        let inside = await refusal { _ = try await create(fixture, "more", in: outer.name) }
        #expect(inside?.code == .failedPrecondition)
        let moving = await refusal {
            let _: Operation = try await fixture.call(
                "v3.Projects.MoveProject",
                Google_Cloud_Resourcemanager_V3_MoveProjectRequest.with {
                    $0.name = "projects/demo"
                    $0.destinationParent = outer.name
                })
        }
        #expect(moving?.code == .failedPrecondition)
        #expect(fixture.directory.state.project("demo")?.parent == project.parent)
        func list(deleted: Bool) async throws -> [String] {
            let answer: Google_Cloud_Resourcemanager_V3_ListFoldersResponse = try await fixture.call(
                "v3.Folders.ListFolders",
                Google_Cloud_Resourcemanager_V3_ListFoldersRequest.with {
                    $0.parent = project.parent.path
                    $0.showDeleted = deleted
                })
            return answer.folders.map(\.displayName)
        }
        #expect(try await list(deleted: false).isEmpty)
        #expect(try await list(deleted: true) == ["outer"])
        let _: Google_Cloud_Resourcemanager_V2_Folder = try await fixture.call(
            "v2.Folders.UndeleteFolder",
            Google_Cloud_Resourcemanager_V2_UndeleteFolderRequest.with { $0.name = outer.name })
        #expect(try await list(deleted: false) == ["outer"])
    }

    @Test("are made, moved and seen by those who may")
    func strangers() async throws {
        let (fixture, project) = try await installed()
        let folder = try await create(fixture, "secret", in: project.parent.path)
        for name in [folder.name, "folders/1"] {
            let error = await refusal {
                let _: Folder = try await fixture.call(
                    "v3.Folders.GetFolder",
                    Google_Cloud_Resourcemanager_V3_GetFolderRequest.with { $0.name = name }, as: "bob@example.com")
            }
            #expect(error?.code == .permissionDenied)
        }
        let making = await refusal {
            _ = try await create(fixture, "bobs", in: folder.name, as: "bob@example.com")
        }
        #expect(making?.code == .permissionDenied)
        let found: Google_Cloud_Resourcemanager_V3_SearchFoldersResponse = try await fixture.call(
            "v3.Folders.SearchFolders", Google_Cloud_Resourcemanager_V3_SearchFoldersRequest(), as: "bob@example.com")
        #expect(found.folders.isEmpty)
    }
}
