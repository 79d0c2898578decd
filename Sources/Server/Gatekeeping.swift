import Access
import Directory
import Identity
import Methods
import Schema
import ServiceUsage

/// Who calls, what they may do, and which services are enabled: by the tokens and the directory.
struct Gatekeeping: Gatekeeper {
    private let bearers: BearerTokens
    private let directory: Directory

    /// - Parameters:
    ///   - bearers: knows the tokens that callers bring.
    ///   - directory: projects, accounts, policies and services.
    init(bearers: BearerTokens, directory: Directory) {
        self.bearers = bearers
        self.directory = directory
    }

    func authenticate(authorization: String?, service: String) async throws -> Caller {
        let words = (authorization ?? "").split(separator: " ", maxSplits: 1)
        guard let scheme = words.first else { throw ServiceError.missingCredential }
        guard scheme.lowercased() == "bearer" else {
            throw ServiceError.invalidCredential(reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED")
        }
        guard words.count == 2 else { throw ServiceError.missingCredential }
        do {
            let bearer = try await bearers.verify(String(words[1]), for: service)
            return Caller(
                principal: bearer.principal, expiresAt: bearer.expiresAt, delegation: bearer.delegation)
        } catch let error as BearerError {
            switch error {
            case .expired: throw ServiceError.invalidCredential(reason: "ACCESS_TOKEN_EXPIRED")
            case .accountState: throw ServiceError.invalidCredential(reason: "ACCOUNT_STATE_INVALID")
            case .unknown: throw ServiceError.invalidCredential(reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED")
            }
        }
    }

    func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Decision {
        directory.decide(principal, permission, on: resource, in: context)
    }

    func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Proof {
        directory.state.access.explain(principal, permission, on: resource, in: context)
    }

    func requireEnabled(service: String, project: String) throws {
        let state = directory.state
        // A project that does not exist, or is marked for deletion, is refused by the check of access that follows.
        guard let project = state.project(project), project.isActive,
            !state.isEnabled(service, inProject: project.id)
        else { return }
        throw ServiceError.serviceDisabled(service, title: KnownServices.title(of: service) ?? service, in: project)
    }

    func projectID(_ idOrNumber: String) -> String? {
        directory.state.access.hierarchy.project(idOrNumber)?.id
    }

    func located(_ named: Resource) -> Resource? { directory.state.located(named) }
}

extension ServiceError {
    /// A service that a project has not enabled. gcloud recognises the text from "Enable it by visiting" on, and
    /// offers to enable the service.
    static func serviceDisabled(_ service: String, title: String, in project: ProjectRecord) -> ServiceError {
        let url = "https://console.developers.google.com/apis/api/\(service)/overview?project=\(project.id)"
        let help = Google_Rpc_Help.with {
            $0.links = [
                .with {
                    $0.description_p = "Google developers console API activation"
                    $0.url = url
                }
            ]
        }
        let info = Google_Rpc_ErrorInfo.with {
            $0.reason = "SERVICE_DISABLED"
            $0.domain = "googleapis.com"
            $0.metadata = [
                "service": service, "serviceTitle": title, "consumer": "projects/\(project.number)",
                "containerInfo": project.id, "activationUrl": url,
            ]
        }
        return ServiceError(
            .permissionDenied,
            "\(title) has not been used in project \(project.id) before or it is disabled. Enable it by visiting \(url) "
                + "then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our "
                + "systems and retry.",
            details: [help, info])
    }
}
