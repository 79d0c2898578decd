import Crypto
import FoundationEssentials

/// A bearer secret, and what is kept of it.
enum Secret {
    /// A new secret of 256 random bits.
    static func make(prefix: String) -> String {
        prefix + SymmetricKey(size: .bits256).withUnsafeBytes { base64URL(Data($0)) }
    }

    /// What is kept of a secret. Of 256 random bits no salt or slow hash is needed, and a look-up by the digest
    /// tells nothing about a secret by its duration.
    static func digest(_ secret: String) -> Data {
        Data(SHA256.hash(data: Data(secret.utf8)))
    }

    private static func base64URL(_ data: Data) -> String {
        let swapped: [Character: Character] = ["+": "-", "/": "_"]
        return String(data.base64EncodedString().filter { $0 != "=" }.map { swapped[$0] ?? $0 })
    }
}
