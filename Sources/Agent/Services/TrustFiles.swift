import Foundation

/// The files by which programs in a task trust the server, in `/etc/landfall`.
struct TrustFiles {
    /// The system's authorities and the server's: programs also reach hosts that are not the server's.
    static let bundle = "/etc/landfall/authorities.pem"
    /// The server's authority alone.
    static let authority = "/etc/landfall/authority.pem"

    private static let systemBundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ]

    /// In PEM.
    let authority: String

    /// The names of the files and what is in them.
    var contents: [(name: String, text: String)] {
        let system =
            Self.systemBundles.lazy
            .compactMap { try? Data(contentsOf: URL(fileURLWithPath: $0)) }
            .first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        return [("authority.pem", authority), ("authorities.pem", "\(authority)\n\(system)")]
    }
}
