import Tunnels

/// The target of a request in absolute form, as clients send it to a proxy: `http://host:port/path?query`.
struct AbsoluteTarget: Equatable, Sendable {
    let authority: HostAndPort
    /// The rest, in origin form.
    let path: String
    /// `http` or `https`.
    let scheme: String

    /// Nil when `target` is in another form.
    ///
    /// - Throws: a `HTTPRefusal` when it begins like one and is wrong.
    init?(_ target: String) throws(HTTPRefusal) {
        guard target.utf8.first != UInt8(ascii: "/") else { return nil }
        guard let colon = target.firstIndex(of: ":"), target[colon...].hasPrefix("://") else { return nil }
        scheme = target[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw HTTPRefusal.badRequest("The proxy does not serve \(scheme) URLs.\n")
        }
        let rest = target[colon...].dropFirst(3)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let authority = HostAndPort(rest[..<end]) else {
            throw HTTPRefusal.badRequest("The request's URL names no valid host.\n")
        }
        self.authority = authority
        path = rest[end...].first == "/" ? String(rest[end...]) : "/" + rest[end...]
    }

    var port: Int { authority.port ?? (scheme == "https" ? 443 : 80) }
}
