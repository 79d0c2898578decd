/// The address of an issuer, or of something that it publishes: `https`, or `http` on this machine.
public struct IssuerURL: Hashable, Sendable {
    /// The address as it was written.
    public let text: String
    /// Whether it is one of this machine, in the clear.
    public let isLocal: Bool

    /// The longest, in bytes.
    static let maximumLength = 2000
    private static let loopback: Set = ["localhost", "127.0.0.1", "[::1]"]

    /// Reads an address.
    ///
    /// - Returns: nil for one of another scheme, with credentials, a query, a fragment or no host, and for one in the
    ///   clear that is not of this machine.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength,
            let scheme = ["https://", "http://"].first(where: text.hasPrefix)
        else { return nil }
        let rest = text.dropFirst(scheme.count)
        let isPlain = rest.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"<>?#@\\^`{|}".utf8.contains($0) }
        let authority = rest.prefix { $0 != "/" }
        guard isPlain, let host = Self.host(of: authority) else { return nil }
        isLocal = scheme == "http://"
        guard !isLocal || Self.loopback.contains(host) else { return nil }
        self.text = text
    }

    /// Where an issuer says where its keys are (OpenID Connect Discovery, 4).
    var discovery: IssuerURL? {
        IssuerURL((text.hasSuffix("/") ? String(text.dropLast()) : text) + "/.well-known/openid-configuration")
    }

    /// Whether an issuer of this address may send its readers to another: not from the network to this machine.
    func mayLead(to other: IssuerURL) -> Bool { isLocal || !other.isLocal }

    private static func host(of authority: Substring) -> String? {
        var host = authority
        if !authority.hasSuffix("]"), let colon = authority.lastIndex(of: ":") {
            guard UInt16(authority[authority.index(after: colon)...]) != nil else { return nil }
            host = authority[..<colon]
        }
        return host.isEmpty ? nil : host.lowercased()
    }
}

/// Fetches what issuers publish.
public protocol IssuerDocuments: Sendable {
    /// The body of a document.
    ///
    /// Follows no redirect, gives up after some seconds, and reads no more than `KeySet.longestDocument`.
    ///
    /// - Throws: for everything but an answer of status 200 that is complete.
    func document(at url: IssuerURL) async throws -> [UInt8]
}
