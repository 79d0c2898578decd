import Foundation
import Identity

/// What a request brings to show who makes it.
enum RegistryCredentials: Equatable, Sendable {
    /// Nothing.
    case none
    /// A token that was given out to one who brought nothing.
    case anonymous
    /// An access token, or a token that a service account has signed.
    case bearer(String)
    /// What cannot be used.
    case unusable

    /// What stands for those without credentials between the token's endpoint and the rest. It is no secret.
    static let anonymousToken = "anonymous"

    /// Users whose password is an access token: of Google's documentation, and of gcloud's helper.
    private static let tokenUsers: Set = ["oauth2accesstoken", "_token", "_dcgcloud_token"]

    /// Reads the value of an `authorization` header.
    ///
    /// - Parameter service: what a key file is used for.
    init(_ authorization: String?, for service: String, at now: Date) {
        let words = (authorization ?? "").split(separator: " ", maxSplits: 1)
        switch (words.first?.lowercased(), words.dropFirst().first) {
        case (nil, _): self = .none
        case ("bearer", let token?) where token == Self.anonymousToken: self = .anonymous
        case ("bearer", let token?): self = .bearer(String(token))
        case ("basic", let text?): self = Self.basic(String(text), for: service, at: now)
        default: self = .unusable
        }
    }

    private static func basic(_ text: String, for service: String, at now: Date) -> RegistryCredentials {
        guard text.utf8.count <= 2 * KeyFile.longest, let bytes = Data(base64Encoded: text),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let user = String(bytes: bytes[..<colon], encoding: .utf8)
        else { return .unusable }
        let password = bytes[bytes.index(after: colon)...]
        let file: Data?
        switch user {
        case "_json_key": file = Data(password)
        case "_json_key_base64": file = Data(base64Encoded: Data(password))
        case _ where tokenUsers.contains(user):
            return String(bytes: password, encoding: .utf8).map(RegistryCredentials.bearer) ?? .unusable
        default: return .unusable
        }
        return file.flatMap(KeyFile.init)?.token(for: service, at: now).map(RegistryCredentials.bearer) ?? .unusable
    }
}
