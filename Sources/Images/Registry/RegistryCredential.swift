import FoundationEssentials

/// What whoever asks for an image shows to its registry.
public enum RegistryCredential: Sendable, Hashable {
    /// A user and a password or token of the registry's own.
    case password(user: String, password: String)
    /// An access token of an account; it is sent to Landfall's own registry and nowhere else.
    case accessToken(String)

    /// As HTTP's Basic authentication.
    var basicAuthorization: String {
        switch self {
        case .password(let user, let password): Self.basic("\(user):\(password)")
        case .accessToken(let token): Self.basic("oauth2accesstoken:\(token)")
        }
    }

    private static func basic(_ text: String) -> String { "Basic " + Data(text.utf8).base64EncodedString() }
}
