import Foundation
import OAuth

/// What a running server says of itself, for clients on the same machine.
public struct ServerInfo: Codable, Sendable {
    /// The version of its program.
    public var version: String
    /// The host that its port listens at.
    public var host: String
    /// The one port.
    public var port: Int
    /// Id of the first project.
    public var project: String
    /// The domain under which the APIs answer beside `googleapis.com`.
    public var universe: String
    /// Absolute path of the authority's certificate, PEM.
    public var authorityFile: String
    /// Process id of the server.
    public var processID: Int32

    /// What login configurations name as their audience: the people of the installation.
    public static let loginAudience = "//iam.googleapis.com/\(OAuthService.peopleProvider)"

    /// Where the server listens, in the form that URLs have it: `127.0.0.1:8787`, `[::1]:8787`.
    public var address: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// Reads what `write` wrote.
    public static func read(from path: String) throws -> ServerInfo {
        try JSONDecoder().decode(ServerInfo.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Replaces the file, whole or not at all.
    public func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
