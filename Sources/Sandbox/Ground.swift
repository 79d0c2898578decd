import CSandbox
import Glibc
import SystemPackage

/// What is made before the launcher can start: the seat, the groups, the network's rules and the tree of files.
struct Ground: Sendable {
    let seat: Seat
    let cgroups: CgroupTree
    let networks: NetworkPool
    let accounts: AccountFiles
    let launcher: String
    let launcherArguments: [String]
    let files: FileTree

    init(configuration: HostSandboxes.Configuration) throws {
        try HostReport.requireEssentials()
        launcher = try configuration.launcher ?? Self.launcherBesideThisProgram()
        let layout = try CgroupLayout.read()
        try Directory.make(configuration.directory, mode: 0o700)
        try Self.checkPrivate(configuration.directory)
        let shown = try ShownPath.onThisHost(additions: configuration.shownPaths)
        seat = try Seat.take()
        do {
            Self.sweep(seat, layout: layout, directory: configuration.directory)
            Self.sweepDeadAgents(layout: layout, directory: configuration.directory)
            accounts = AccountFiles(
                hostPasswd: TextFile.read("/etc/passwd") ?? "", hostGroup: TextFile.read("/etc/group") ?? "")
            let resolution = NameResolution()
            cgroups = try CgroupTree(layout: layout, name: seat.group)
            networks = try NetworkPool(seat: seat, nameServers: resolution.servers)
            files = try FileTree(
                in: configuration.directory, seat: seat, accounts: accounts, resolution: resolution, shown: shown)
        } catch {
            Self.sweep(seat, layout: layout, directory: configuration.directory)
            seat.leave()
            throw error
        }
        launcherArguments =
            ["--directory", files.path, "--first-id", "\(seat.firstID)"]
            + Self.containerArguments(configuration) + shown.flatMap { [$0.kind.rawValue, $0.path] }
    }

    private static func containerArguments(_ configuration: HostSandboxes.Configuration) -> [String] {
        guard let images = configuration.imageDirectory, let runtime = configuration.runtime else { return [] }
        return ["--images", images] + runtime.arguments
    }

    /// Undoes all of it.
    func remove() {
        cgroups.remove()
        networks.remove()
        files.remove()
        seat.leave()
    }

    /// Removes what the agent left that had this seat.
    private static func sweep(_ seat: Seat, layout: CgroupLayout, directory: String) {
        CgroupTree.sweep(layout: layout, name: seat.group)
        NetworkPool.sweep(seat)
        FileTree.remove("\(directory)/\(seat.group)")
    }

    private static func sweepDeadAgents(layout: CgroupLayout, directory: String) {
        let names = Directory.names(layout.unified) + Directory.names(directory)
        for number in Set(names.compactMap(Seat.number)) {
            guard let seat = try? Seat.claim(number) else { continue }
            sweep(seat, layout: layout, directory: directory)
            seat.leave()
        }
        FileTree.sweep(directory)
    }

    private static func checkPrivate(_ path: String) throws {
        var status = stat()
        try checkedErrno(lstat(path, &status), "look at \(path)")
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == 0, status.st_mode & 0o077 == 0 else {
            throw SandboxError("\(path) must be a directory of root's that others cannot enter (mode 0700)")
        }
    }

    static func launcherBesideThisProgram() throws -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let program = String(decoding: buffer.prefix(max(length, 0)), as: UTF8.self)
        let folder = program.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/landfall-launcher"
        guard access(path, X_OK) == 0 else {
            throw SandboxError("the program \(path) is missing: install it beside landfall")
        }
        return path
    }
}
