import Foundation

/// A login: the account and its tokens, in a file that only this user can read.
struct Session: Codable {
    var account: String
    var accessToken: String
    var expiresAt: Date
    var refreshToken: String

    /// What to say when the server does not know it any more.
    var hasEnded: CommandFailure { CommandFailure("The login of \(account) has ended: 'landfall login \(account)'.") }
}

extension Installation {
    private var sessions: URL { directory.appendingPathComponent("sessions") }
    private var currentFile: URL { directory.appendingPathComponent("current") }

    /// The session of an account, or of the latest login.
    func session(of account: String?) throws -> Session {
        let current = (try? String(contentsOf: currentFile, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let account = account ?? current else {
            throw CommandFailure("Nobody is logged in: 'landfall login you@example.com'.")
        }
        guard let data = try? Data(contentsOf: file(of: account)) else {
            throw CommandFailure("'\(account)' has not logged in: 'landfall login \(account)'.")
        }
        return try JSONDecoder().decode(Session.self, from: data)
    }

    /// Keeps a session; `asCurrent` makes it the one that the other verbs use.
    func save(_ session: Session, asCurrent: Bool) throws {
        try FileManager.default.createDirectory(
            at: sessions, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try PrivateFile.write(JSONEncoder().encode(session), to: file(of: session.account))
        if asCurrent { try PrivateFile.write(Data(session.account.utf8), to: currentFile) }
    }

    /// Removes what this user has of a login: the session, and what programs under `exec` read.
    func remove(_ account: String) throws {
        let isCurrent = (try? session(of: nil))?.account == account
        let name = account.addingPercentEncoding(withAllowedCharacters: .urlHostAllowed) ?? account
        let places = [file(of: account), directory.appendingPathComponent("exec/\(name)")]
        for place in places + (isCurrent ? [currentFile] : []) where FileManager.default.fileExists(atPath: place.path)
        {
            try FileManager.default.removeItem(at: place)
        }
    }

    private func file(of account: String) -> URL {
        // An address may hold a slash, a file name may not.
        let name = account.addingPercentEncoding(withAllowedCharacters: .urlHostAllowed) ?? account
        return sessions.appendingPathComponent("\(name).json")
    }
}
