import Methods
import Schema
import SwiftProtobuf
import Testing

/// Projects made, deleted and taken up again in v1.
extension Fixture {
    @discardableResult
    func createProject(
        _ id: String = "second", as email: String = "alice@example.com",
        _ more: (inout Google_Cloud_Resourcemanager_V1_Project) -> Void = { _ in }
    ) async throws -> Google_Cloud_Resourcemanager_V1_Project {
        var request = Google_Cloud_Resourcemanager_V1_Project.with { $0.projectID = id }
        more(&request)
        let operation: Google_Longrunning_Operation = try await call(
            "v1.Projects.CreateProject", request, as: email)
        #expect(operation.done)
        return try Google_Cloud_Resourcemanager_V1_Project(unpackingAny: operation.response)
    }

    func deleteProject(_ id: String, as email: String = "alice@example.com") async throws {
        let _: Google_Protobuf_Empty = try await call(
            "v1.Projects.DeleteProject",
            Google_Cloud_Resourcemanager_V1_DeleteProjectRequest.with { $0.projectID = id }, as: email)
    }

    func undeleteProject(_ id: String, as email: String = "alice@example.com") async throws {
        let _: Google_Protobuf_Empty = try await call(
            "v1.Projects.UndeleteProject",
            Google_Cloud_Resourcemanager_V1_UndeleteProjectRequest.with { $0.projectID = id }, as: email)
    }
}

/// The refusal of a call that must be refused.
func refusal(_ body: () async throws -> Void) async -> ServiceError? {
    await #expect(throws: ServiceError.self) { try await body() }
}

extension ServiceError {
    /// The field that it names.
    var field: String? { (details.last as? Google_Rpc_BadRequest)?.fieldViolations.first?.field }
}
