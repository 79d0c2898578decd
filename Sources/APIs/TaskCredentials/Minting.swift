import FoundationEssentials
import Identity
import Methods
import Schema
import SwiftProtobuf
import Workload

/// Tokens of the accounts that attempts act as.
struct Minting: Sendable {
    private static let longestAudience = 2048

    let callers: AttemptCallers
    let tokens: Tokens
    let idTokens: IDTokens
    private let recent = RecentlyMinted()

    init(callers: AttemptCallers, tokens: Tokens, idTokens: IDTokens) {
        self.callers = callers
        self.tokens = tokens
        self.idTokens = idTokens
    }

    func accessToken(
        _ request: Landfall_Agent_V1_GetAccessTokenRequest, _ call: Call
    ) async throws -> Landfall_Agent_V1_AccessToken {
        let attempt = try await callers.attempt(request.caller, call)
        let scope = try TaskScopes(attempt.identity).granted(of: request.scopes)
        return try await token(of: attempt.account, scope: scope, job: attempt.job.uid, at: call.time)
    }

    func pullToken(
        _ request: Landfall_Agent_V1_GetPullTokenRequest, _ call: Call
    ) async throws -> Landfall_Agent_V1_AccessToken {
        let (job, account) = try await callers.puller(request.caller)
        return try await token(of: account, scope: Scopes.cloudPlatform, job: job.uid, at: call.time)
    }

    func idToken(
        _ request: Landfall_Agent_V1_GetIdTokenRequest, _ call: Call
    ) async throws -> Landfall_Agent_V1_IdToken {
        let attempt = try await callers.attempt(request.caller, call)
        guard (1...Self.longestAudience).contains(request.audience.utf8.count) else {
            throw ServiceError.invalidArgument(
                "An audience of at most \(Self.longestAudience) bytes is needed.", field: "audience")
        }
        let machine = request.full ? attempt.machine(hasLicenses: request.licenses) : nil
        let token = try await idTokens.issue(
            for: attempt.account, audience: request.audience, includesEmail: true, machine: machine)
        return .with {
            $0.token = token
            $0.expires = .init(date: call.time + IDTokens.lifetime)
        }
    }

    /// The tasks of a job share a token, as programs on one machine do.
    private func token(
        of account: ServiceAccountIdentity, scope: String, job: String, at time: Date
    ) async throws -> Landfall_Agent_V1_AccessToken {
        let key = RecentlyMinted.Key(account: account.uniqueID, scope: scope, job: job)
        if let known = recent[key, at: time], (try? await tokens.verify(known.value)) != nil { return .init(known) }
        let token = try await tokens.issueAccess(for: account, scope: scope)
        recent.keep(token, for: key)
        return .init(token)
    }
}

extension AttemptCallers.Attempt {
    /// What an id token says of the machine.
    fileprivate func machine(hasLicenses: Bool) -> IDClaims.Machine {
        IDClaims.Machine(
            projectID: identity.project, projectNumber: Int(identity.projectNumber) ?? 0, zone: identity.zone,
            instanceID: instance.id, instanceName: instance.name,
            createdAt: Int(job.createdAt.timeIntervalSince1970), licenseIDs: hasLicenses ? [] : nil)
    }
}

extension Landfall_Agent_V1_AccessToken {
    fileprivate init(_ token: AccessToken) {
        self.init()
        self.token = token.value
        expires = .init(date: token.expiresAt)
    }
}
