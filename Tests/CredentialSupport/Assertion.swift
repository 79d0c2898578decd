import Crypto
import Foundation
import Identity

/// A JWT of any sort, written without the code under test.
public struct Assertion {
    /// What it says of its own form.
    public var header: [String: any Sendable] = ["alg": "RS256", "typ": "JWT"]
    /// What it says.
    public var claims: [String: any Sendable] = [:]
    /// How it is signed.
    public var signing: Signing

    /// How a JWT can be signed.
    public enum Signing: Sendable {
        /// As it should be.
        case key(SigningKey)
        /// With ECDSA on P-256.
        case elliptic(P256.Signing.PrivateKey)
        /// HMAC-SHA256 with these bytes as the secret.
        case secret(Data)
        /// Not at all.
        case none
        /// These bytes stand for a signature.
        case bytes(Data)
    }

    /// A JWT as it should be.
    public init(signedWith key: SigningKey, claims: [String: any Sendable]) {
        header["kid"] = key.id
        self.claims = claims
        signing = .key(key)
    }

    /// In compact form.
    public func text() throws -> String {
        let signed = try Self.encode(header) + "." + Self.encode(claims)
        let signature =
            switch signing {
            case .key(let key): try key.signature(for: Data(signed.utf8))
            case .elliptic(let key): try key.signature(for: Data(signed.utf8)).rawRepresentation
            case .secret(let secret):
                Data(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: SymmetricKey(data: secret)))
            case .none: Data()
            case .bytes(let bytes): bytes
            }
        return signed + "." + Self.base64URL(signature)
    }

    private static func encode(_ object: [String: any Sendable]) throws -> String {
        base64URL(try JSONSerialization.data(withJSONObject: object))
    }

    static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// The header and the claims of a JWT.
public func contents(of token: String) -> (header: [String: Any], claims: [String: Any])? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false).map { part -> [String: Any]? in
        var text = part.replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: String(text)).flatMap {
            try? JSONSerialization.jsonObject(with: $0) as? [String: Any]
        }
    }
    guard parts.count == 3, let header = parts[0], let claims = parts[1] else { return nil }
    return (header, claims)
}
