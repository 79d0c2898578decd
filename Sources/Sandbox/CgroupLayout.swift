import Glibc

/// Where the machine's cgroup controllers are: all in version 2, or some in version 1 hierarchies beside it ("hybrid").
public struct CgroupLayout: Hashable, Sendable {
    /// The controllers that limits and counters need.
    static let needed = ["cpu", "memory", "pids"]

    /// Where the cgroup2 file system is mounted; processes are killed through it.
    public var unified: String
    /// Controllers of version 2 that are available at its root.
    public var unifiedControllers: Set<String>
    /// Mount points of version 1 hierarchies by controller, `cpuacct` among them.
    public var legacy: [String: String]

    /// Whether memory is counted by version 1.
    var isLegacy: Bool { legacy["memory"] != nil }

    /// The mount points to make groups in, each once.
    var legacyMounts: [String] { Set(legacy.values).sorted() }

    /// Reads the layout of this machine.
    ///
    /// - Throws: `SandboxError` when a controller is missing or cgroup2 is not mounted.
    static func read() throws -> CgroupLayout {
        try CgroupLayout(mounts: TextFile.read("/proc/self/mounts") ?? "") { TextFile.read($0) ?? "" }
    }

    /// Works the layout out from a table of mounts, in the format of `/proc/mounts`.
    init(mounts: String, read: (String) -> String) throws {
        var unified: String?
        legacy = [:]
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count >= 4 else { continue }
            if fields[2] == "cgroup2" { unified = unified ?? fields[1] }
            guard fields[2] == "cgroup" else { continue }
            for option in fields[3].split(separator: ",").map(String.init)
            where (Self.needed + ["cpuacct"]).contains(option) && legacy[option] == nil {
                legacy[option] = fields[1]
            }
        }
        guard let unified else {
            throw SandboxError(
                "cgroup2 is not mounted: mount it, as with `mount -t cgroup2 none /sys/fs/cgroup/unified`")
        }
        self.unified = unified
        let names = read("\(unified)/cgroup.controllers").split(whereSeparator: \.isWhitespace).map(String.init)
        unifiedControllers = Set(names)
        for controller in Self.needed where legacy[controller] == nil && !unifiedControllers.contains(controller) {
            throw SandboxError(
                "the cgroup controller \(controller) is neither in version 1 nor in version 2: enable it in the kernel")
        }
    }

    /// The needed controllers that are version 2's here.
    var delegated: [String] { Self.needed.filter { legacy[$0] == nil } }
}
