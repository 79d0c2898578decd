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
    /// Holds base/, scratch/ and mnt/.
    let directory: String
    let scratch: FileDescriptor

    init(configuration: HostSandboxes.Configuration) throws {
        try HostReport.requireEssentials()
        launcher = try configuration.launcher ?? Self.launcherBesideThisProgram()
        let layout = try CgroupLayout.read()
        try Directory.make(configuration.directory, mode: 0o700)
        try Self.checkPrivate(configuration.directory)
        let shown = try ShownPath.onThisHost(additions: configuration.shownPaths)
        seat = try Seat.take()
        directory = "\(configuration.directory)/\(seat.group)"
        do {
            Self.sweep(seat, layout: layout, directory: configuration.directory)
            Self.sweepDeadAgents(layout: layout, directory: configuration.directory)
            accounts = AccountFiles(
                hostPasswd: TextFile.read("/etc/passwd") ?? "", hostGroup: TextFile.read("/etc/group") ?? "")
            let resolution = NameResolution()
            scratch = try Self.makeFiles(directory, accounts: accounts, resolution: resolution, shown: shown)
            cgroups = try CgroupTree(layout: layout, name: seat.group)
            networks = try NetworkPool(seat: seat, nameServers: resolution.servers)
        } catch {
            Self.sweep(seat, layout: layout, directory: configuration.directory)
            seat.leave()
            throw error
        }
        launcherArguments =
            ["--directory", directory, "--first-id", "\(seat.firstID)"]
            + Self.containerArguments(configuration) + shown.flatMap { [$0.kind.rawValue, $0.path] }
    }

    private static func containerArguments(_ configuration: HostSandboxes.Configuration) -> [String] {
        guard let images = configuration.imageDirectory, let runtime = configuration.runtime else { return [] }
        return ["--images", images] + runtime.arguments
    }

    /// Undoes all of it.
    func remove() {
        try? scratch.close()
        cgroups.remove()
        networks.remove()
        Self.removeTree(directory)
        seat.leave()
    }

    /// Removes a tree that is this agent's own.
    static func removeTree(_ path: String) { _ = sandbox_remove_tree(AT_FDCWD, path) }

    private static func makeFiles(
        _ directory: String, accounts: AccountFiles, resolution: NameResolution, shown: [ShownPath]
    ) throws -> FileDescriptor {
        try Directory.make(directory, mode: 0o700)
        for name in ["base", "scratch", "mnt"] { try Directory.make("\(directory)/\(name)") }
        let base = try Directory.open("\(directory)/base")
        defer { try? base.close() }
        try RootFiles(base: base, accounts: accounts, resolution: resolution).fill(shown: shown)
        return try Directory.open("\(directory)/scratch")
    }

    /// Removes what the agent left that had this seat.
    private static func sweep(_ seat: Seat, layout: CgroupLayout, directory: String) {
        CgroupTree.sweep(layout: layout, name: seat.group)
        NetworkPool.sweep(seat)
        removeTree("\(directory)/\(seat.group)")
    }

    private static func sweepDeadAgents(layout: CgroupLayout, directory: String) {
        for name in Set(Directory.names(layout.unified) + Directory.names(directory)) {
            let parts = name.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == "landfall", let number = UInt32(parts[1]), number < Seat.count,
                let seat = try? Seat.claim(number)
            else { continue }
            sweep(seat, layout: layout, directory: directory)
            seat.leave()
        }
    }

    private static func checkPrivate(_ path: String) throws {
        var status = stat()
        try checkedErrno(lstat(path, &status), "look at \(path)")
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == 0, status.st_mode & 0o077 == 0 else {
            throw SandboxError("\(path) must be a directory of root's that others cannot enter (mode 0700)")
        }
    }

    private static func launcherBesideThisProgram() throws -> String {
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
