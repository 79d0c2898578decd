import Crypto
import FoundationEssentials

/// An SSH public key as OpenSSH writes it in one line: its type, its bytes in base64, perhaps a comment.
public struct SSHPublicKey: Hashable, Sendable {
    /// The longest line, in bytes: more than any key needs.
    public static let maximumLength = 16 << 10
    /// What OpenSSH accepts of today's keys.
    private static let types: Set<Substring> = [
        "ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]

    /// The line as it was given, with the end of line that it may have.
    public let text: String

    /// Reads a line.
    ///
    /// - Throws: what is wrong with it.
    public init(_ text: String) throws(SSHPublicKeyError) {
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong }
        var line = Substring(text)
        while line.last?.isNewline == true { line.removeLast() }
        // An end of line would begin another key where lines are read, and other control characters hide one.
        guard line.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else { throw .notOneLine }
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2 else { throw .malformed }
        guard Self.types.contains(parts[0]) else { throw .unknownType(String(parts[0].prefix(50))) }
        guard let bytes = Data(base64Encoded: String(parts[1])), Self.type(in: bytes) == Data(parts[0].utf8) else {
            throw .malformed
        }
        self.text = text
    }

    /// What OS Login knows the key by: the SHA-256 of the text in hexadecimal. Another comment makes another one.
    public var fingerprint: String { Self.fingerprint(of: text) }

    static func fingerprint(of text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 0xF, radix: 16)
        }.joined()
    }

    /// The type that the bytes of a key begin with, after its length in four bytes (RFC 4253); nil when they end
    /// before it does, or with it.
    private static func type(in bytes: Data) -> Data? {
        guard bytes.count > 4 else { return nil }
        let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let rest = bytes.dropFirst(4)
        return rest.count > length ? Data(rest.prefix(length)) : nil
    }
}

/// Why a text is no SSH public key.
public enum SSHPublicKeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Longer than `SSHPublicKey.maximumLength`.
    case tooLong
    /// Several lines, or control characters.
    case notOneLine
    /// Not a type and base64 of a key of this type.
    case malformed
    /// A type that OpenSSH does not accept any more, or never knew.
    case unknownType(String)

    /// One sentence for people.
    public var description: String {
        switch self {
        case .tooLong: "An SSH public key is at most \(SSHPublicKey.maximumLength) bytes long."
        case .notOneLine: "An SSH public key is one line, without control characters."
        case .malformed: "An SSH public key is its type, its bytes in base64 and perhaps a comment."
        case .unknownType(let type): "'\(type)' is not a type of SSH public keys that is supported."
        }
    }
}
