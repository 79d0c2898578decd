import Crypto
import FoundationEssentials
import WebTokens

/// Binds an authorization code to the program that asked for it (RFC 7636): only that knows what the challenge was made
/// of. Of the two methods the one with SHA-256 alone is taken.
public struct CodeChallenge: Hashable, Sendable {
    private let digest: Data

    /// Nil for what is no challenge.
    ///
    /// - Parameter method: `S256`, as the program wrote it.
    public init?(_ text: String, method: String) {
        guard method == "S256", let digest = Base64URL.decode(text[...]), digest.count == SHA256.byteCount else {
            return nil
        }
        self.digest = digest
    }

    /// Whether the challenge was made of a verifier.
    func isMet(by verifier: String) -> Bool {
        guard (43...128).contains(verifier.utf8.count) else { return false }
        return Data(SHA256.hash(data: Data(verifier.utf8))) == digest
    }
}
