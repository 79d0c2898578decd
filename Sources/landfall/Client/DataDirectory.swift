import Foundation

/// Where a server keeps its state, and where clients on the same machine find it.
enum DataDirectory {
    /// For a server that is to be started: what was asked for, else `LANDFALL_DATA`, else root's or the user's default.
    static func forServer(_ asked: String?) -> String {
        if let chosen = asked ?? fromEnvironment { return absolute(chosen) }
        return geteuid() == 0 ? systemDefault : userDefault
    }

    /// For a client: what was asked for, else `LANDFALL_DATA`, else the first default where a server has been.
    static func existing(_ asked: String?) throws -> String {
        if let chosen = asked ?? fromEnvironment { return absolute(chosen) }
        let known = [userDefault, systemDefault].first { FileManager.default.fileExists(atPath: $0) }
        guard let known else {
            throw CommandFailure(
                "No server has been started on this machine: start one with 'sudo landfall up', "
                    + "or name its data directory with --data.")
        }
        return known
    }

    private static var fromEnvironment: String? {
        ProcessInfo.processInfo.environment["LANDFALL_DATA"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let systemDefault = "/var/lib/landfall"

    private static var userDefault: String {
        FileManager.default.homeDirectoryForCurrentUser.path + "/.local/share/landfall"
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
