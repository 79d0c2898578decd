import Foundation
import Requests

/// The variables that point gcloud and Google's libraries at this server, and the files that they name.
///
/// Each library reads variables of its own; together they send every request for Google's names through the
/// server's proxy, trust its authority beside the system's, and find a credential. Nothing outside the client's
/// own directory is written.
struct Surroundings {
    let installation: Installation
    /// Whom to call as; nil for a command that brings a credential of its own.
    let session: Session?

    /// Name and value, in the order in which they are best read.
    func variables() throws -> [(String, String)] {
        let bundle = try writeCertificateBundle()
        let port = String(installation.info.port)
        let proxy = installation.baseURL
        let local = "127.0.0.1,localhost,::1"
        return [
            ("GOOGLE_CLOUD_PROJECT", installation.info.project),
            // The lower-case names are what gRPC reads, the upper-case ones what Go does.
            ("https_proxy", proxy), ("HTTPS_PROXY", proxy), ("no_proxy", local), ("NO_PROXY", local),
            ("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", bundle), ("REQUESTS_CA_BUNDLE", bundle), ("SSL_CERT_FILE", bundle),
            ("CURL_CA_BUNDLE", bundle), ("HTTPLIB2_CA_CERTS", bundle),
            ("NODE_EXTRA_CA_CERTS", installation.info.authorityFile),
            ("CLOUDSDK_PROXY_TYPE", "http"),
            ("CLOUDSDK_PROXY_ADDRESS", String(installation.info.address.dropLast(1 + port.count))),
            ("CLOUDSDK_PROXY_PORT", port),
            ("CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", bundle), ("CLOUDSDK_CORE_PROJECT", installation.info.project),
            ("CLOUDSDK_CORE_CHECK_GCE_METADATA", "false"), ("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true"),
            ("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true"),
            ("CLOUDSDK_SURVEY_DISABLE_PROMPTS", "true"),
        ] + (try session.map(credentials) ?? signIn)
    }

    /// Where gcloud sends a browser that signs it in: to this machine, where the browser needs no proxy and need trust no
    /// authority. gcloud's library takes such an address only when it is told to.
    private var signIn: [(String, String)] {
        [("CLOUDSDK_AUTH_AUTH_HOST", installation.baseURL + "/o/oauth2/auth"), ("OAUTHLIB_INSECURE_TRANSPORT", "1")]
    }

    /// What makes clients call as somebody.
    private func credentials(of session: Session) throws -> [(String, String)] {
        [
            ("GOOGLE_APPLICATION_CREDENTIALS", try writeApplicationDefaultCredential(of: session)),
            ("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", try write(Data(session.accessToken.utf8), as: "token")),
            ("CLOUDSDK_CORE_ACCOUNT", session.account),
            ("REGISTRY_AUTH_FILE", try writeRegistryLogins(of: session)),
        ]
    }

    /// What skopeo, podman and buildah read: a login at every host of Artifact Registry, beside those that the user has.
    private func writeRegistryLogins(of session: Session) throws -> String {
        let logins = RegistryLogins(
            existing: RegistryLogins.usersFile(in: ProcessInfo.processInfo.environment), token: session.accessToken,
            hosts: RegistryHosts(universe: installation.info.universe))
        return try write(logins.data(), as: RegistryLogins.fileName)
    }

    /// The variables of an environment that would lead a client elsewhere, or make it somebody else, whatever
    /// `variables` say: another proxy, another universe, other endpoints, another credential.
    ///
    /// - Parameter bringsCredential: whether the client calls as whom its own credential says.
    static func contrary(in environment: [String: String], bringsCredential: Bool = false) -> [String] {
        let ours: Set = ["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", "CLOUDSDK_CORE_ACCOUNT"]
        let names: Set = [
            "grpc_proxy", "no_grpc_proxy", "all_proxy", "ALL_PROXY", "GOOGLE_CLOUD_UNIVERSE_DOMAIN",
            "GOOGLE_CLOUD_QUOTA_PROJECT", "GOOGLE_API_USE_CLIENT_CERTIFICATE", "GOOGLE_API_USE_MTLS_ENDPOINT",
            "CLOUDSDK_CORE_UNIVERSE_DOMAIN", "CLOUDSDK_AUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
            "CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "CLOUDSDK_BILLING_QUOTA_PROJECT", "CLOUDSDK_PROXY_USERNAME",
            "CLOUDSDK_PROXY_PASSWORD", "CLOUDSDK_PROXY_RDNS",
        ]
        return environment.keys.filter { name in
            names.contains(name) || bringsCredential && ours.contains(name)
                || name.hasPrefix("CLOUDSDK_API_ENDPOINT_OVERRIDES_")
        }.sorted()
    }

    /// The system's authorities and ours: programs also reach hosts that are tunnelled untouched.
    private func writeCertificateBundle() throws -> String {
        let system = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
        ]
        var bundle = try Data(contentsOf: URL(fileURLWithPath: installation.info.authorityFile))
        if let found = system.first(where: { FileManager.default.isReadableFile(atPath: $0) }) {
            bundle.append(UInt8(ascii: "\n"))
            bundle.append(try Data(contentsOf: URL(fileURLWithPath: found)))
        }
        return try write(bundle, as: "authorities.pem")
    }

    /// What `google.auth.default()` and its like read: a user's credential that they renew by themselves.
    private func writeApplicationDefaultCredential(of session: Session) throws -> String {
        let credential = [
            "type": "authorized_user", "client_id": "landfall", "client_secret": "landfall",
            "refresh_token": session.refreshToken, "account": session.account,
        ]
        return try write(JSONEncoder().encode(credential), as: "application_default_credentials.json")
    }

    /// Every account has files of its own, so that two commands as two people do not get into each other's way.
    private func write(_ data: Data, as name: String) throws -> String {
        let account = session?.account ?? "no-account"
        let key = account.addingPercentEncoding(withAllowedCharacters: .urlHostAllowed) ?? account
        let folder = installation.directory.appendingPathComponent("exec/\(key)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let file = folder.appendingPathComponent(name)
        try PrivateFile.write(data, to: file)
        return file.path
    }
}
