import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// `operations.get` of v1, v2 and v3, which clients poll after a change of a project or a folder.
struct ResourceOperations: Sendable {
    let directory: VisibleDirectory
    let folders: FolderLifecycle

    var methods: [any Method] {
        [
            row("google.cloud.resourcemanager.v1.Operations.GetOperation", "/v1/{name=operations/*}") { name, call in
                if let operation = FolderOperation(name: name) {
                    return try operation.v2(try await folder(operation.number, for: call))
                }
                let operation = try ProjectOperation(name: name)
                return try operation.v1(try await project(operation.number, for: call))
            },
            row("google.longrunning.Operations.GetOperation", "/v3/{name=operations/*}") { name, call in
                if let operation = FolderOperation(name: name) {
                    return try operation.v3(try await folder(operation.number, for: call))
                }
                let operation = try ProjectOperation(name: name)
                return try operation.v3(try await project(operation.number, for: call))
            },
        ]
    }

    private func row(
        _ name: String, _ path: String,
        _ answer: @escaping @Sendable (String, Call) async throws -> Google_Longrunning_Operation
    ) -> any Method {
        UnaryMethod<Google_Longrunning_GetOperationRequest, Google_Longrunning_Operation>(
            name, .get(path), access: .byHandler("the name says whether it is about a project or a folder")
        ) { request, call in try await answer(request.name, call) }
    }

    private func project(_ number: String, for call: Call) async throws -> ProjectRecord {
        // Refusals name the project as the operation does.
        try await call.admit(
            "resourcemanager.projects.get", on: .project(number), service: nil, orThrow: ResourceManagerAPI.denied)
        return try directory.project(number, for: call)
    }

    private func folder(_ number: String, for call: Call) async throws -> FolderRecord {
        try await call.require(
            "resourcemanager.folders.get", on: .folder(number), orThrow: ResourceManagerAPI.denied)
        return try folders.folder(number, for: call)
    }
}
