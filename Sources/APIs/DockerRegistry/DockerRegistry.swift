import Access
import Directory
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import Methods
import NIOCore
import Registry
import Requests

/// The protocol by which container tools pull and push images (OCI Distribution), at `LOCATION-docker.pkg.dev`.
///
/// Who may do what is decided for each request, by the policies of the repository that it names.
public struct DockerRegistry: Sendable {
    static let service = "artifactregistry.googleapis.com"
    static let pulling: Permission = "artifactregistry.repositories.downloadArtifacts"
    static let pushing: Permission = "artifactregistry.repositories.uploadArtifacts"

    let images: ImageStore
    let directory: Directory
    private let hosts: RegistryHosts
    private let gatekeeper: any Gatekeeper
    private let observer: (any CallObserver)?
    private let denials: (any DenialRecorder)?
    private let translate: @Sendable (any Error) -> ServiceError?
    private let logger: Logger

    /// - Parameters:
    ///   - images: what there is to pull.
    ///   - directory: the repositories.
    ///   - universe: the domain of the private universe.
    ///   - gatekeeper: knows tokens and policies.
    ///   - observer: hears of every request that names a repository.
    ///   - denials: keeps refusals.
    ///   - translate: the answer for an error of a layer that is not known here; nil for one that has none.
    ///   - logger: where errors go that no client may see.
    public init(
        images: ImageStore, directory: Directory, universe: String, gatekeeper: any Gatekeeper,
        observer: (any CallObserver)? = nil, denials: (any DenialRecorder)? = nil,
        translate: @escaping @Sendable (any Error) -> ServiceError? = { _ in nil }, logger: Logger
    ) {
        self.images = images
        self.directory = directory
        hosts = RegistryHosts(universe: universe)
        self.gatekeeper = gatekeeper
        self.observer = observer
        self.denials = denials
        self.translate = translate
        self.logger = logger
    }

    /// Whether a request is one of the protocol: by its host, and at plain addresses by its path.
    ///
    /// - Parameters:
    ///   - path: without the query.
    ///   - host: in lower case and without port.
    ///   - domains: those that the server answers to. Hosts outside of them are plain addresses.
    public func serves(path: String, host: String, domains: [String]) -> Bool {
        guard path == "/v2" || path.hasPrefix("/v2/") else { return false }
        if hosts.location(of: host) != nil { return true }
        let isInside = domains.contains { host == $0 || host.hasSuffix("." + $0) }
        guard !isInside else { return false }
        // Other APIs have paths that begin so.
        return ["/v2", "/v2/", "/v2/token"].contains(path)
            || hosts.location(of: String(path.dropFirst("/v2/".count).prefix { $0 != "/" })) != nil
    }

    /// The image of a path below `/v2/`; nil when it names none.
    func imagePath(_ text: String, at host: String) -> ImagePath? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return ImagePath(parts[...], at: host, of: hosts)
    }

    /// Answers a request, errors included.
    ///
    /// - Parameters:
    ///   - host: in lower case and without port.
    ///   - isSecure: whether it came over TLS.
    ///   - address: the client's IP address.
    public func respond(
        to request: Request, host: String, isSecure: Bool, from address: String? = nil
    ) async -> Response {
        var response: Response
        do {
            response = try await answer(
                RegistryRequest(request: request, host: host, isSecure: isSecure, address: address))
        } catch {
            response = fault(for: error, request).response
        }
        response.headers[.dockerVersion] = "registry/2.0"
        response.headers[.xContentTypeOptions] = "nosniff"
        guard request.method == .head else { return response }
        return response.createHeadResponse()
    }

    private func answer(_ request: RegistryRequest) async throws -> Response {
        let path = try RegistryPath(request.path, at: request.host, of: hosts)
        let now = Date()
        let credentials = RegistryCredentials(request.authorization, for: Self.service, at: now)
        if case .token = path { return try await token(for: credentials, request) }
        let caller = try await caller(credentials, request, path)
        guard let operation = try RegistryOperation(request, path) else {
            return .json(.ok, "{}")
        }
        let call = RegistryCall(
            method: operation.name, time: now, origin: request.origin, caller: caller, gatekeeper: gatekeeper)
        call.record.caller = caller
        do {
            let response = try await operation.run(self, request, call)
            await observer?.callEnded(ended(call, nil))
            return response
        } catch {
            throw await noted(error, call)
        }
    }

    /// Who calls. Whoever brings nothing is told where tokens are given out.
    private func caller(
        _ credentials: RegistryCredentials, _ request: RegistryRequest, _ path: RegistryPath
    ) async throws -> Caller {
        switch credentials {
        case .anonymous where path != .base: return Caller(principal: .unauthenticated, expiresAt: .distantFuture)
        case .none, .anonymous, .unusable: throw RegistryFault.unauthorized(request, path)
        case .bearer(let token):
            do {
                return try await gatekeeper.authenticate(authorization: "Bearer \(token)", service: Self.service)
            } catch let error as ServiceError where error.code == .unauthenticated {
                throw RegistryFault.unauthorized(request, path)
            }
        }
    }

    /// Gives out a token for user and password: what it stands for is looked at again with each request.
    private func token(for credentials: RegistryCredentials, _ request: RegistryRequest) async throws -> Response {
        guard request.method == .get else {
            throw RegistryFault(.methodNotAllowed, "UNSUPPORTED", "Tokens are asked for by GET.")
        }
        let now = Date()
        switch credentials {
        case .none, .anonymous:
            return try .json(.ok, TokenAnswer(RegistryCredentials.anonymousToken, now: now, until: now + 3_600))
        case .unusable: throw RegistryFault.unauthorized(request, .token)
        case .bearer(let token):
            do {
                let caller = try await gatekeeper.authenticate(
                    authorization: "Bearer \(token)", service: Self.service)
                return try .json(.ok, TokenAnswer(token, now: now, until: caller.expiresAt))
            } catch let error as ServiceError where error.code == .unauthenticated {
                throw RegistryFault.unauthorized(request, .token)
            }
        }
    }

    private func ended(_ call: RegistryCall, _ error: ServiceError?) -> EndedCall {
        EndedCall(
            service: Self.service, method: call.method, caller: call.record.caller, origin: call.origin,
            time: call.time, checks: call.record.checks, error: error)
    }

    /// Tells of a call that failed; a refusal is kept.
    private func noted(_ error: any Error, _ call: RegistryCall) async -> any Error {
        let known = error as? ServiceError ?? translate(error)
        let fault = fault(for: error, nil)
        let told = known ?? ServiceError(fault.status == .notFound ? .notFound : .invalidArgument, fault.message)
        let ended = ended(call, told)
        var link: DenialReference?
        if let denials, told.code == .permissionDenied, let refusal = call.record.refusal {
            link = await denials.record(refusal, of: ended)
        }
        await observer?.callEnded(ended)
        guard let link else { return known.map(RegistryFault.init) ?? fault }
        return RegistryFault(.forbidden, "DENIED", "\(told.message). Why: landfall why \(link.id)")
    }

    private func fault(for error: any Error, _ request: Request?) -> RegistryFault {
        switch error {
        case let fault as RegistryFault: return fault
        case let error as RegistryError: return RegistryFault(error)
        case let error as ServiceError: return RegistryFault(error)
        case is CancellationError, is ChannelError:
            return RegistryFault(.badRequest, "UNKNOWN", "The connection ended before the request was complete.")
        default:
            if let known = translate(error) { return RegistryFault(known) }
            logger.error(
                "the registry failed unexpectedly",
                metadata: ["error": "\(String(reflecting: error))"])
            return RegistryFault(
                .internalServerError, "UNKNOWN", "Internal error encountered: the server's log has it.")
        }
    }
}
