import LauncherProtocol

/// Orders to the launcher, as bytes.
enum Orders {
    /// What `launcher_open` says, before its descriptors.
    struct Opening {
        var number: UInt32
        var spec: SandboxSpec
        var owner: (uid: UInt32, gid: UInt32)
        var range: UInt32?
        var cgroupCount: Int
        var volumeCount: Int
        var accounts: AccountFiles
    }

    static func open(_ opening: Opening) throws -> [UInt8] {
        var order = launcher_open()
        order.kind = LAUNCHER_OPEN.rawValue
        order.sandbox = opening.number
        order.uid = opening.owner.uid
        order.gid = opening.owner.gid
        order.is_root = opening.spec.user == .root ? 1 : 0
        order.has_scripts = opening.spec.programs.contains(.scripts) ? 1 : 0
        order.has_containers = opening.spec.programs.contains(.containers) ? 1 : 0
        order.volume_count = UInt32(opening.volumeCount)
        order.range = opening.range ?? 0
        order.cgroup_count = UInt32(opening.cgroupCount)
        order.passwd_length = UInt32(opening.accounts.passwd.utf8.count)
        order.group_length = UInt32(opening.accounts.group.utf8.count)
        let places = opening.spec.volumes.flatMap { Array(($0.path ?? "").utf8) + [UInt8(0)] }
        order.places_length = UInt32(places.count)
        try set(&order.id, to: opening.spec.id)
        try set(&order.hostname, to: opening.spec.hostname)
        if case .account(let name, _, _, _, _) = opening.spec.user { try set(&order.name, to: name) }
        let bytes = bytes(of: order) + opening.accounts.passwd.utf8 + opening.accounts.group.utf8 + places
        guard bytes.count <= LAUNCHER_MESSAGE_LIMIT else {
            throw SandboxError("the host has more system accounts than a sandbox can show")
        }
        return bytes
    }

    static func run(_ number: UInt32, path: String, environmentLength: Int, scriptLength: Int) throws -> [UInt8] {
        var order = launcher_run()
        order.kind = LAUNCHER_RUN.rawValue
        order.run = number
        order.environment_length = UInt64(environmentLength)
        order.script_length = UInt64(scriptLength)
        try set(&order.path, to: path)
        return bytes(of: order)
    }

    /// - Parameters:
    ///   - lengths: of the parts of the file that goes with it.
    static func contain(
        _ number: UInt32, isOnDisk: Bool, hasNetwork: Bool, hostname: String,
        lengths: (configuration: Int, layers: Int, mounts: Int)
    ) throws -> [UInt8] {
        var order = launcher_contain()
        order.kind = LAUNCHER_CONTAIN.rawValue
        order.run = number
        order.is_on_disk = isOnDisk ? 1 : 0
        order.has_network = hasNetwork ? 1 : 0
        order.configuration_length = UInt64(lengths.configuration)
        order.layers_length = UInt64(lengths.layers)
        order.mounts_length = UInt64(lengths.mounts)
        try set(&order.hostname, to: hostname)
        return bytes(of: order)
    }

    static func signal(_ number: UInt32, to run: UInt32) -> [UInt8] {
        bytes(of: launcher_signal(kind: LAUNCHER_SIGNAL.rawValue, run: run, number: Int32(bitPattern: number)))
    }

    static func clean() -> [UInt8] { bytes(of: launcher_clean(kind: LAUNCHER_CLEAN.rawValue)) }

    static func rename(_ hostname: String) throws -> [UInt8] {
        var order = launcher_rename()
        order.kind = LAUNCHER_RENAME.rawValue
        try set(&order.hostname, to: hostname)
        return bytes(of: order)
    }

    private static func set<Field>(_ field: inout Field, to text: String) throws {
        let fits = withUnsafeMutableBytes(of: &field) { bytes in
            bytes.withMemoryRebound(to: CChar.self) { launcher_set_text($0.baseAddress, $0.count, text) == 0 }
        }
        guard fits, !text.utf8.contains(0) else { throw SandboxError("too long for a sandbox: \(text)") }
    }

    private static func bytes<Order>(of order: Order) -> [UInt8] { withUnsafeBytes(of: order) { Array($0) } }
}
