import Foundation
import Testing

@testable import Server

@Suite("The data directory", .enabled(if: isRoot, "handing directories over needs root"))
struct DataDirectoriesTests {
    private let nobody = ServerAccount(uid: 70_010, gid: 70_010)

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = "/tmp/landfall-layout-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func status(_ path: String) -> (uid: uid_t, mode: mode_t) {
        var status = stat()
        return lstat(path, &status) == 0 ? (status.st_uid, status.st_mode & 0o7777) : (uid_t.max, 0)
    }

    @Test("has what is secret closed to everybody else, and what is the agent's closed to the server")
    func modes() throws {
        try withFolder { folder in
            let layout = DataLayout(root: folder + "/data")
            try layout.prepare(for: nobody)
            #expect(status(layout.stateDirectory) == (70_010, 0o700))
            #expect(status(layout.socketDirectory) == (70_010, 0o700))
            #expect(status(layout.authorityDirectory) == (70_010, 0o755))
            #expect(status(layout.agentDirectory) == (0, 0o700))
            try layout.prepare(for: nobody)
        }
    }

    @Test("is refused when a directory in it is a link or somebody else's")
    func strangers() throws {
        try withFolder { folder in
            let layout = DataLayout(root: folder + "/data")
            try layout.prepare(for: nobody)
            try FileManager.default.removeItem(atPath: layout.agentDirectory)
            try FileManager.default.createSymbolicLink(atPath: layout.agentDirectory, withDestinationPath: folder)
            #expect(throws: ServerFailure.self) { try layout.prepare(for: nobody) }
            try FileManager.default.removeItem(atPath: layout.agentDirectory)
            #expect(throws: ServerFailure.self) { try layout.prepare(for: ServerAccount(uid: 70_011, gid: 70_011)) }
        }
    }

    @Test("is refused where the server cannot get to it")
    func unreachable() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/closed", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let layout = DataLayout(root: folder + "/closed/data")
            #expect(throws: ServerFailure.self) { try layout.prepare(for: nobody) }
        }
    }

    @Test("belongs to its owner when it exists")
    func owner() throws {
        try withFolder { folder in
            #expect(chown(folder, 70_010, 70_012) == 0)
            let account = ServerAccount.choose(
                dataDirectory: folder, environment: ["SUDO_UID": "70020", "SUDO_GID": "70021"])
            #expect(account == ServerAccount(uid: 70_010, gid: 70_012))
        }
    }

    @Test(
        "belongs to whoever called sudo when it is new, and never to root",
        arguments: [("70020", "70021", true), ("0", "0", false), ("70020", "0", false), ("-1", "x", false)])
    func sudo(uid: String, gid: String, counts: Bool) throws {
        try withFolder { folder in
            let account = ServerAccount.choose(
                dataDirectory: folder + "/new", environment: ["SUDO_UID": uid, "SUDO_GID": gid])
            #expect((account == ServerAccount(uid: 70_020, gid: 70_021)) == counts)
            #expect(account.uid != 0 && account.gid != 0)
        }
    }
}

private let isRoot = geteuid() == 0 || ProcessInfo.processInfo.environment["CI"] == "true"
