import FoundationEssentials
import Synchronization

/// The tokens of one attempt, kept and renewed in time: a token that is handed out is good for some minutes more.
///
/// For each kind of token one request at a time goes to the server. While that is away, what is here goes on being
/// handed out until its end.
final class TokenCache: Sendable {
    /// What a token is for.
    enum Purpose: Hashable {
        case access(scopes: [String])
        case identity(IdentityTokenRequest)
    }

    /// A token that ends sooner is renewed first, in seconds: clients renew theirs four minutes before the end.
    static let reserve: TimeInterval = 300
    /// At most for so many purposes: a task can ask for any number of audiences.
    private static let capacity = 32

    private struct State {
        var kept: [Purpose: Credential] = [:]
        var underWay: [Purpose: Task<Credential, any Error>] = [:]
        var isClosed = false
    }

    private let source: any CredentialSource
    private let now: @Sendable () -> Date
    private let state = Mutex(State())

    init(source: any CredentialSource, now: @escaping @Sendable () -> Date = { Date() }) {
        self.source = source
        self.now = now
    }

    /// A token that can be handed out as it is.
    func fresh(_ purpose: Purpose) -> Credential? {
        let time = now()
        return state.withLock { state in
            state.kept[purpose].flatMap { $0.expiresAt.timeIntervalSince(time) > Self.reserve ? $0 : nil }
        }
    }

    /// A token, renewed if need be.
    ///
    /// - Throws: `CredentialFailure`
    func token(_ purpose: Purpose) async throws -> Credential {
        if let fresh = fresh(purpose) { return fresh }
        do {
            return try await renewal(of: purpose).value
        } catch CredentialFailure.unavailable {
            let time = now()
            guard let kept = state.withLock({ $0.kept[purpose] }), kept.expiresAt > time else {
                throw CredentialFailure.unavailable
            }
            return kept
        }
    }

    /// Forgets all, and asks for nothing more.
    func close() {
        let underWay = state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.underWay.values
        }
        for task in underWay { task.cancel() }
    }

    private func renewal(of purpose: Purpose) throws -> Task<Credential, any Error> {
        try state.withLock { state in
            guard !state.isClosed else { throw CredentialFailure.gone("The attempt has ended.") }
            if let underWay = state.underWay[purpose] { return underWay }
            guard state.underWay.count < Self.capacity else { throw CredentialFailure.unavailable }
            let task = Task { [self] in
                let outcome = await fetch(purpose)
                keep(outcome, for: purpose)
                return try outcome.get()
            }
            state.underWay[purpose] = task
            return task
        }
    }

    private func fetch(_ purpose: Purpose) async -> Result<Credential, any Error> {
        do {
            switch purpose {
            case .access(let scopes): return .success(try await source.accessToken(scopes: scopes))
            case .identity(let request): return .success(try await source.identityToken(request))
            }
        } catch {
            return .failure(error)
        }
    }

    private func keep(_ outcome: Result<Credential, any Error>, for purpose: Purpose) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.underWay[purpose] = nil
            switch outcome {
            case .success(let credential):
                if state.kept.count >= Self.capacity { state.kept = [:] }
                state.kept[purpose] = credential
            // What the server refuses now must not be handed out any more.
            case .failure(CredentialFailure.unavailable): break
            case .failure: state.kept[purpose] = nil
            }
        }
    }
}
