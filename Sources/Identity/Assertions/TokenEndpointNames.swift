import FoundationEssentials

/// What a JWT may say it is for when it is for the token endpoint.
///
/// gcloud and Python always name Google's address, Go names the key file's `token_uri`. Of plain addresses only those
/// of this machine are taken: an assertion that somebody made for another server must not count here.
struct TokenEndpointNames: Sendable {
    private static let googles: Set = [
        "https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token",
        "https://www.googleapis.com/oauth2/v3/token", "https://accounts.google.com/o/oauth2/token",
    ]
    private static let loopback: Set = ["localhost", "127.0.0.1", "[::1]"]

    /// The domain of the private universe.
    let universe: String
    /// The address of the installation.
    let issuer: String

    func contains(_ audience: String) -> Bool {
        let own = ["https://oauth2.\(universe)/token", "\(issuer)/token"]
        if Self.googles.contains(audience) || own.contains(audience) { return true }
        guard audience.hasSuffix("/token"),
            let scheme = ["http://", "https://"].first(where: audience.hasPrefix)
        else { return false }
        let authority = audience.dropFirst(scheme.count).dropLast("/token".count)
        if Self.loopback.contains(String(authority)) { return true }
        guard let colon = authority.lastIndex(of: ":"), Self.loopback.contains(String(authority[..<colon])) else {
            return false
        }
        return UInt16(authority[authority.index(after: colon)...]) != nil
    }
}
