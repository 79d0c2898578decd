import Access
import Methods

/// The image that a job's tasks run: those of this server's own repositories are looked at when a job is made.
extension Preconditions {
    private static let reading: Permission = "artifactregistry.repositories.downloadArtifacts"

    /// Both the caller and Cloud Run's agent must be allowed to read the image, and it must be there.
    func check(image: String, at index: Int) async throws {
        guard let location = context.images.location(of: image) else { return }
        try await call.admit(Self.reading, on: location.repository, service: nil)
        guard let repository = try await call.gatekeeper.located(location.repository) else { return }
        let agent = context.directory.state.serviceAccount(serviceAgent)
        let principal = Principal.serviceAccount(serviceAgent, uniqueID: agent?.uniqueID)
        guard agent != nil, try await mayUse(principal, Self.reading, on: repository) else {
            throw ServiceError(.permissionDenied, agentRefusal(image, in: repository.project ?? ""))
        }
        guard try await context.images.contains(location) else {
            throw ServiceError.invalidArgument(
                "Image '\(image)' not found.", field: fields.container(index).image.description)
        }
    }

    private func agentRefusal(_ image: String, in project: String) -> String {
        let text =
            "Google Cloud Run Service Agent \(serviceAgent) must have permission to read the image, \(image). Ensure that "
            + "the provided container image URL is correct and that the above account has permission to access the image. "
            + "If you just enabled the Cloud Run API, the permissions might take a few minutes to propagate."
        guard project != place.project else { return text }
        return text
            + " Note that the image is from project [\(project)], which is not the same as this project "
            + "[\(place.project)]. Permission must be granted to the Google Cloud Run Service Agent from this project."
    }
}
