import Access
import Directory
import Identity
import Methods
import Schema
import SwiftProtobuf

/// What the owner of an installation and its agents do with the server, over a socket that only they can open.
public enum ControlAPI {
    /// Why its methods ask for no token.
    private static let reason = "only the owner of the installation can open the socket"
    private static let name = "landfall.control.v1.Control"

    /// Takes part in the conversation with an agent: reads its messages, and sends through the closure, which waits
    /// while the agent is slow.
    public typealias Conversation =
        @Sendable (
            _ requests: AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>,
            _ send: @escaping @Sendable (Landfall_Agent_V1_ToAgent) async throws -> Void
        ) async throws -> Void

    /// The methods that the owner-only socket serves. They must never be served on the port.
    ///
    /// - Parameters:
    ///   - directory: the groups.
    ///   - accounts: who can log in.
    ///   - serviceAccounts: those of them that are service accounts.
    ///   - ownership: makes the first person who logs in the owner of an installation that has none.
    ///   - tokens: what a login gives.
    ///   - signIns: people who sign in with a browser.
    ///   - status: what the running server is.
    ///   - connect: where the agents' streams go.
    ///   - further: methods of others that the owner may call.
    public static func api(
        directory: Directory, accounts: Accounts, serviceAccounts: any ServiceAccountKeys, ownership: Ownership,
        tokens: Tokens, signIns: SignIns, status: @escaping @Sendable () async throws -> Landfall_Control_V1_Status,
        connect: @escaping Conversation, further: [any Method] = []
    ) -> API {
        API(
            service: "control.landfall.internal", title: "Landfall Control API", mustBeEnabled: false,
            methods: [
                login(accounts, serviceAccounts, ownership, tokens), refresh(tokens), endLogins(accounts, tokens),
                getStatus(status), agents(connect),
            ] + GroupMethods(directory: directory, reason: reason).methods
                + SignInMethods(signIns: signIns, accounts: accounts, ownership: ownership, reason: reason).methods
                + further)
    }

    private static func login(
        _ accounts: Accounts, _ serviceAccounts: any ServiceAccountKeys, _ ownership: Ownership, _ tokens: Tokens
    ) -> any Method {
        UnaryMethod<Landfall_Control_V1_LoginRequest, Landfall_Control_V1_LoginResponse>(
            "\(name).Login", .post("/v1/login", body: "*"), access: .anyone(reason)
        ) { request, _ in
            let principal = try accounts.named(request.email)
            try await ownership.claim(by: principal)
            // A login as a service account ends with the account.
            var uniqueID: String?
            if case .serviceAccount(let email, _) = principal {
                uniqueID = try await serviceAccounts.account(email)?.uniqueID
            }
            let refreshToken = try await tokens.issueRefresh(for: principal, uniqueID: uniqueID)
            let token = try await tokens.refresh(refreshToken)
            return .init(token, refreshToken: refreshToken)
        }
    }

    private static func refresh(_ tokens: Tokens) -> any Method {
        UnaryMethod<Landfall_Control_V1_RefreshTokenRequest, Landfall_Control_V1_LoginResponse>(
            "\(name).RefreshToken", access: .anyone(reason)
        ) { request, _ in
            do {
                return .init(try await tokens.refresh(request.refreshToken), refreshToken: request.refreshToken)
            } catch is TokenError {
                throw ServiceError(.unauthenticated, "The refresh token is not valid any more: log in again.")
            }
        }
    }

    private static func endLogins(_ accounts: Accounts, _ tokens: Tokens) -> any Method {
        UnaryMethod<Landfall_Control_V1_EndLoginsRequest, Landfall_Control_V1_EndLoginsResponse>(
            "\(name).EndLogins", .post("/v1/logins:end", body: "*"), access: .anyone(reason)
        ) { request, _ in
            let count = try await tokens.endLogins(of: accounts.named(request.email))
            return .with { $0.count = Int32(clamping: count) }
        }
    }

    private static func getStatus(
        _ status: @escaping @Sendable () async throws -> Landfall_Control_V1_Status
    ) -> any Method {
        UnaryMethod<Landfall_Control_V1_GetStatusRequest, Landfall_Control_V1_Status>(
            "\(name).GetStatus", .get("/v1/status"), access: .anyone(reason)
        ) { _, _ in try await status() }
    }

    private static func agents(_ connect: @escaping Conversation) -> any Method {
        StreamMethod<Landfall_Agent_V1_FromAgent, Landfall_Agent_V1_ToAgent>(
            "landfall.agent.v1.Agents.Connect", access: .anyone(reason)
        ) { requests, send, _ in try await connect(requests, send) }
    }
}

extension Landfall_Control_V1_LoginResponse {
    fileprivate init(_ token: AccessToken, refreshToken: String) {
        self.init()
        account = token.principal.name
        accessToken = token.value
        expireTime = .init(date: token.expiresAt)
        self.refreshToken = refreshToken
    }
}

extension Accounts {
    /// The account of an e-mail address.
    ///
    /// - Throws: `INVALID_ARGUMENT` or `NOT_FOUND` for what is none.
    func named(_ email: String) throws -> Principal {
        do {
            return try principal(email: email)
        } catch let error as AccountError {
            throw ServiceError(error, email: email)
        }
    }
}

extension ServiceError {
    fileprivate init(_ error: AccountError, email: String) {
        switch error {
        case .invalidAddress:
            self = .invalidArgument(
                "'\(email.prefix(EmailAddress.maximumLength))' is not an e-mail address.", field: "email")
        case .noSuchServiceAccount(let address):
            self = .notFound("There is no service account \(address) in this installation.")
        }
    }
}
