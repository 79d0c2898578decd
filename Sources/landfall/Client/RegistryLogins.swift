import Foundation
import Requests

/// The file in which container tools keep their logins (containers-auth.json), with logins of a session at every host of
/// Artifact Registry.
struct RegistryLogins {
    /// The user's own logins, in the form of the file; nil when there are none.
    let existing: Data?
    /// The session's access token.
    let token: String
    /// The server's registries.
    let hosts: RegistryHosts

    static let fileName = "registry-logins.json"

    /// The content of the file.
    ///
    /// - Throws: nothing for JSON that the user's own tools can read; what is no such JSON is left out.
    func data() throws -> Data {
        var file = existing.flatMap { try? JSONSerialization.jsonObject(with: $0) as? [String: Any] } ?? [:]
        var logins = file["auths"] as? [String: Any] ?? [:]
        let login = Data("oauth2accesstoken:\(token)".utf8).base64EncodedString()
        for location in RegistryHosts.locations {
            for host in hosts.hosts(of: location) { logins[host] = ["auth": login] }
        }
        file["auths"] = logins
        return try JSONSerialization.data(withJSONObject: file, options: [.sortedKeys])
    }

    /// The file that the tools would read by themselves, unless it is one that was written here.
    static func usersFile(in environment: [String: String]) -> Data? {
        let named = environment["REGISTRY_AUTH_FILE"].flatMap { $0.hasSuffix("/\(fileName)") ? nil : $0 }
        let standard = environment["XDG_RUNTIME_DIR"].map { "\($0)/containers/auth.json" }
        return [named, standard].compactMap { $0 }.lazy
            .compactMap { try? Data(contentsOf: URL(fileURLWithPath: $0)) }.first
    }
}
