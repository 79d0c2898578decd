import Crypto
import Foundation
import Server

/// A server as its clients see it: where it listens, and what this user has of its accounts.
struct Installation {
    /// What the server says of itself in its data directory.
    let info: ServerInfo
    /// This user's files about this server: sessions, and what programs under `exec` read. Mode 0700.
    let directory: URL
    /// The socket that logs in.
    let controlSocket: String

    init(dataDirectory: String) throws {
        let layout = DataLayout(root: dataDirectory)
        guard let info = try? ServerInfo.read(from: layout.infoFile) else {
            throw CommandFailure("No server runs on \(dataDirectory): start one with 'sudo landfall up'.")
        }
        self.info = info
        directory = try Self.directory(for: dataDirectory)
        controlSocket = layout.controlSocket
    }

    private static func directory(for key: String) throws -> URL {
        let base =
            ProcessInfo.processInfo.environment["XDG_STATE_HOME"].map { URL(fileURLWithPath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".local/state")
        let name = SHA256.hash(data: Data(key.utf8)).prefix(8).map { String(format: "%02x", $0) }.joined()
        let directory = base.appendingPathComponent("landfall/\(name)")
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return directory
    }
}
