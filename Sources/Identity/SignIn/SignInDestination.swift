/// Where a browser takes the code of a program that a person has signed in.
public enum SignInDestination: Hashable, Sendable {
    /// To the program itself, which waits on the browser's machine: `http://localhost:8085/`.
    case program(String)
    /// To nowhere: the page shows the code, and the person carries it to a program that has no browser. The address is the
    /// one that the program names for it.
    case person(String)

    /// Reads a `redirect_uri`; nil for any other address, since a code that is sent there would be somebody else's.
    ///
    /// - Parameter universe: the domain of the private universe.
    public init?(redirectURI: String, universe: String) {
        if Self.isLoopback(redirectURI) {
            self = .program(redirectURI)
        } else if Self.showingPages(universe).contains(redirectURI) {
            self = .person(redirectURI)
        } else {
            return nil
        }
    }

    /// As the program wrote it.
    public var redirectURI: String {
        switch self {
        case .program(let address), .person(let address): address
        }
    }

    /// Whether an address is this machine's, with a port and nothing else (RFC 8252, 7.3).
    private static func isLoopback(_ address: String) -> Bool {
        let hosts = ["http://localhost:", "http://127.0.0.1:", "http://[::1]:"]
        guard let host = hosts.first(where: address.hasPrefix), address.hasSuffix("/") else { return false }
        let port = address.dropFirst(host.count).dropLast()
        guard let number = UInt16(port), number > 0 else { return false }
        return String(number) == port
    }

    /// The pages that gcloud names when it has no browser; this server shows what they would.
    private static func showingPages(_ universe: String) -> [String] {
        let google = ["https://sdk.cloud.google.com/", "https://sdk.cloud.google/"].flatMap { site in
            ["authcode.html", "applicationdefaultauthcode.html"].map { site + $0 }
        }
        return google + ["authcode", "applicationdefaultauthcode"].map { "https://sdk.\(universe)/\($0)" }
    }
}
