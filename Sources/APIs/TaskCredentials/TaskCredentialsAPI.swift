import Dispatcher
import Identity
import Methods
import Schema
import SecretManager
import SwiftProtobuf

/// What agents ask in the name of the attempts that they run: tokens of the attempts' service accounts, and secrets.
public enum TaskCredentialsAPI {
    /// Knows which attempts run where: the job of an attempt that an agent has, by the agent's incarnation.
    public typealias Attempts = @Sendable (Landfall_Agent_V1_Caller) async -> LeasedJob?

    private static let name = "landfall.agent.v1.TaskCredentials"
    /// Why its methods ask for no token.
    private static let reason = "only the owner of the installation can open the socket; each request is for an attempt"

    /// The methods. They must never be served on the port.
    ///
    /// - Parameters:
    ///   - attempts: which run on an agent.
    ///   - accounts: the service accounts.
    ///   - tokens: access tokens.
    ///   - idTokens: id tokens.
    ///   - secrets: the values of secrets.
    public static func methods(
        attempts: @escaping Attempts, accounts: any ServiceAccountKeys, tokens: Tokens, idTokens: IDTokens,
        secrets: any SecretReading
    ) -> [any Method] {
        let callers = AttemptCallers(attempts: attempts, accounts: accounts)
        let minting = Minting(callers: callers, tokens: tokens, idTokens: idTokens)
        let reading = ReadingSecrets(callers: callers, secrets: secrets)
        return [
            row("GetAccessToken", minting.accessToken), row("GetIdToken", minting.idToken),
            row("GetPullToken", minting.pullToken), row("ReadSecrets", reading.read),
        ]
    }

    private static func row<Request: Message & Sendable, Response: Message & Sendable>(
        _ method: String, _ handler: @escaping UnaryMethod<Request, Response>.Handler
    ) -> any Method {
        UnaryMethod("\(name).\(method)", access: .anyone(reason), handler: handler)
    }
}
