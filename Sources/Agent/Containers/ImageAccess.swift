import FoundationEssentials
import Images
import Metadata
import OCI
import Workload

/// How one attempt gets the images of its containers: in whose name, and with what it shows to their registries.
struct ImageAccess: Sendable {
    let images: any ImageSource
    let services: TaskServices
    let attempt: AttemptID
    let plan: Plan
    let secrets: [SecretReference: Data]

    /// The image of a container.
    ///
    /// - Throws: an error whose description is a sentence for people, or `CancellationError`.
    func image(of container: Container) async throws -> any PinnedImage {
        let reference = try ImageReference(container.image)
        return try await images.image(reference, credential: try await credential(for: reference, of: container))
    }

    /// The container's own login; else, at the server's registry, a token of the account that pulls.
    private func credential(
        for reference: ImageReference, of container: Container
    ) async throws -> RegistryCredential? {
        if let login = container.login {
            return .password(user: try text(login.username), password: try text(login.password))
        }
        let isServers = services.directions.port?.answers(to: reference.registry) ?? false
        guard plan.identity != nil, isServers else { return nil }
        do {
            return .accessToken(try await services.credentials(of: attempt).pullToken().token)
        } catch let failure as CredentialFailure {
            throw ImageRefusal(description: Self.words(for: failure))
        }
    }

    private func text(_ text: RegistryLogin.Text) throws -> String {
        switch text {
        case .plain(let value): return value
        case .secret(let reference):
            guard let value = secrets[reference], let text = String(validating: value, as: UTF8.self) else {
                throw ImageRefusal(description: "The secret \(reference.path) is no text for a login.")
            }
            return text
        }
    }

    private static func words(for failure: CredentialFailure) -> String {
        switch failure {
        case .refused(let reason), .gone(let reason): reason
        case .unavailable: "The server that vouches for the account which pulls it is away."
        }
    }
}
