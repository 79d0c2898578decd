import Access
import Methods
import PolicyAPI
import Requests

/// Who may do what with single jobs: the policies of jobs, in both versions.
struct JobPolicies: Sendable {
    private static let pattern = "projects/*/locations/*/jobs/*"

    let context: CloudRunContext

    var rows: [any Method] {
        let methods = PolicyMethods(
            directory: context.directory, service: CloudRunAPI.service, mustBeEnabled: true,
            denied: Refusals.permissionDenied)
        return ["v1", "v2"].flatMap { version in
            methods.methods(
                PolicyMethods.Rows(
                    "google.cloud.run.\(version).Jobs", at: "/\(version)/{resource=\(Self.pattern)}", reading: .get,
                    permissions: "run.jobs", resource: { try CloudRunAPI.resource($0, Self.pattern, "resource") },
                    absent: absent, identity: identity))
        }
    }

    @Sendable private func identity(_ resource: Resource) async throws -> String? {
        guard case .job(let id, let location, let project) = resource else { return nil }
        return try await context.jobs.runJob(project: project, location: location, id: id)?.uid
    }

    @Sendable private func absent(_ name: String) -> ServiceError {
        guard let path = try? ResourcePath(name, like: Self.pattern, field: "resource").values,
            let place = try? context.place(project: path[0], location: path[1])
        else { return .notFound("'\(name.excerpt)' does not exist.") }
        return Refusals.missing(.job, path[2], in: place)
    }
}
