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
    let clock: any Clock<Duration>

    /// How long a server is waited for that is away, and room on a disk that is full.
    private static let patience = Duration.seconds(300)
    /// The longest pause until it is tried again: what finds the disk full may have brought gigabytes before.
    private static let longestPause = (away: Duration.seconds(2), full: Duration.seconds(30))
    /// How often a token is asked for that the server's registry knows. One that was given out just before the server
    /// died is unknown to the next.
    private static let mostTokens = 3

    /// The image of a container. A server that is away for a while, or a full disk, is no fault of the task's: it is
    /// waited for.
    ///
    /// - Throws: an error whose description is a sentence for people, or `CancellationError`.
    func image(of container: Container) async throws -> any PinnedImage {
        do {
            return try await waitedFor(container)
        } catch let error as ImageError {
            throw ImageRefusal(description: sentence(for: error, of: container))
        }
    }

    /// What there is to say of an image that cannot be had.
    func sentence(for error: ImageError, of container: Container) -> String {
        guard error.kind == .denied, container.login == nil, let identity = plan.identity,
            let reference = try? ImageReference(container.image), isServers(reference.registry)
        else { return error.description }
        return "\(error.description) It is pulled as \(identity.puller)."
    }

    private func waitedFor(_ container: Container) async throws -> any PinnedImage {
        let reference = try ImageReference(container.image)
        var waited = Duration.zero
        var pause = Duration.milliseconds(100)
        var tokens = 0
        while true {
            tokens += 1
            do {
                return try await images.image(
                    reference, credential: try await credential(for: reference, of: container))
            } catch
                where waited < Self.patience
                && (isServerAway(error, for: reference) || isDiskFull(error)
                    || tokens < Self.mostTokens && isTokenUnknown(error, for: reference, of: container))
            {
                try await clock.sleep(for: pause)
                waited += pause
                pause = min(pause * 2, isDiskFull(error) ? Self.longestPause.full : Self.longestPause.away)
            }
        }
    }

    private func isTokenUnknown(
        _ error: any Error, for reference: ImageReference, of container: Container
    ) -> Bool {
        container.login == nil && isServers(reference.registry) && (error as? ImageError)?.kind == .unauthenticated
    }

    private func isDiskFull(_ error: any Error) -> Bool { (error as? ImageError)?.kind == .diskFull }

    private func isServerAway(_ error: any Error, for reference: ImageReference) -> Bool {
        if let refusal = error as? ImageRefusal { return refusal.mayPass }
        return isServers(reference.registry) && (error as? ImageError)?.kind == .unavailable
    }

    /// Whether the registry is the server's own.
    private func isServers(_ registry: String) -> Bool { services.directions.port?.answers(to: registry) ?? false }

    /// The container's own login; else, at the server's registry, a token of the account that pulls.
    private func credential(
        for reference: ImageReference, of container: Container
    ) async throws -> RegistryCredential? {
        if let login = container.login {
            return .password(user: try text(login.username), password: try text(login.password))
        }
        guard plan.identity != nil, isServers(reference.registry) else { return nil }
        do {
            return .accessToken(try await services.credentials(of: attempt).pullToken().token)
        } catch let failure as CredentialFailure {
            throw ImageRefusal(description: Self.words(for: failure), mayPass: failure == .unavailable)
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
