import FoundationEssentials
import LauncherProtocol

/// What the container runtime is told: a config.json of the OCI runtime specification, as far as Landfall uses that.
struct RuntimeConfiguration: Encodable {
    private let ociVersion = "1.0.2"
    private let process: Process
    private let root = ["path": "rootfs"]
    private let hostname: String
    private let mounts: [Mount]
    private let linux: Linux

    private struct Process: Encodable {
        var terminal = false
        var user = ["uid": 0, "gid": 0]
        var args: [String]
        var env: [String]
        var cwd = "/"
        var capabilities: [String: [String]]
        var noNewPrivileges = true
    }

    private struct Mount: Encodable {
        var destination: String
        var type: String
        var source: String
        var options: [String]
    }

    private struct Linux: Encodable {
        var cgroupsPath: String?
        var namespaces: [Namespace]
        var uidMappings: [IDMapping]
        var gidMappings: [IDMapping]
        var maskedPaths: [String]
        var readonlyPaths: [String]
    }

    private struct Namespace: Encodable {
        var type: String
        var path: String?
    }

    /// A part of a user namespace's map.
    struct IDMapping: Encodable, Equatable {
        var containerID: UInt32
        var hostID: UInt32
        var size: UInt32
    }

    /// What root of a container has over its own user namespace, as with Docker. The program gets them only if the image
    /// says that it is root.
    private static let capabilities = [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_SETFCAP", "CAP_SYS_CHROOT", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_MKNOD",
        "CAP_AUDIT_WRITE",
    ]

    private static let maskedPaths = [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/kallsyms", "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/proc/sysrq-trigger",
        "/sys/firmware", "/sys/devices/virtual/powercap", "/sys/kernel/debug", "/sys/kernel/tracing",
    ]

    private static let readOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"]

    /// Where the launcher has put what the container gets beside its image.
    private static let bundle = "/run/container"
    /// The same for what has mounts below it, which are to be shown as well: crun 1.8, Debian 12's, does that where a path is
    /// relative to the bundle alone, since it opens absolute ones before it enters the user namespace.
    private static let fromBundle = (system: "../../sys", mounts: "mounts")

    /// A configuration for a container.
    ///
    /// - Parameters:
    ///   - user: what the first process makes of the image's user.
    ///   - uids: the user namespace's map, as the launcher has made it.
    ///   - cgroup: of a runtime that insists on one for each container, below the sandbox's own. It limits nothing.
    init(
        _ container: ContainerSpec, user: String, environment: [String: String], hostname: String,
        uids: [IDMapping], gids: [IDMapping], cgroup: String?
    ) {
        let sets = ["bounding", "effective", "permitted"].map { ($0, Self.capabilities) }
        let initPath = Self.newInitPath()
        process = Process(
            args: [initPath, "container", user, container.workingDirectory] + container.arguments,
            // Without one the runtime would set its own.
            env: ["HOME": LAUNCHER_HOME_OF_USER].merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }.sorted(),
            capabilities: Dictionary(uniqueKeysWithValues: sets))
        self.hostname = hostname
        mounts =
            Self.system + Self.files(initPath: initPath)
            + container.mounts.enumerated().map { Self.volume($0.element, number: $0.offset) }
        // The network is the sandbox's, or what the launcher has entered before.
        let namespaces = ["pid", "mount", "ipc", "uts", "cgroup"].map { Namespace(type: $0) }
        linux = Linux(
            cgroupsPath: cgroup, namespaces: namespaces + [Namespace(type: "user", path: "\(Self.bundle)/user")],
            uidMappings: uids, gidMappings: gids,
            maskedPaths: Self.maskedPaths + (cgroup == nil ? [] : ["/sys/fs/cgroup"]), readonlyPaths: Self.readOnlyPaths
        )
    }

    /// The text of config.json.
    func json() throws -> [UInt8] { try Array(JSONEncoder().encode(self)) }

    private static let system = [
        Mount(destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
        Mount(
            destination: "/dev", type: "tmpfs", source: "tmpfs",
            options: ["nosuid", "strictatime", "mode=755", "size=64k"]),
        Mount(
            destination: "/dev/pts", type: "devpts", source: "devpts",
            options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
        Mount(
            destination: "/dev/shm", type: "tmpfs", source: "shm",
            options: ["nosuid", "noexec", "nodev", "mode=1777"]),
        Mount(
            destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"]),
        Mount(
            destination: "/sys", type: "bind", source: fromBundle.system,
            options: ["rbind", "nosuid", "noexec", "nodev", "ro"]),
    ]

    /// Where a container's first process is found: a place that nobody can foresee. An image's links, and the volumes of a
    /// job, can hide what is in `/dev`; they must not be able to put another program there, which would start without
    /// the filter of system calls.
    private static func newInitPath() -> String {
        let digits = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }
        return "/dev/init-\(digits.joined())"
    }

    private static func files(initPath: String) -> [Mount] {
        let program = Mount(
            destination: initPath, type: "bind", source: "/run/init", options: ["bind", "nosuid", "nodev", "ro"])
        let own = ["hosts", "hostname", "resolv.conf"].map {
            Mount(
                destination: "/etc/\($0)", type: "bind", source: "\(bundle)/\($0)",
                options: ["bind", "nosuid", "noexec", "nodev"])
        }
        // Whom tasks are to trust beside the image's own authorities.
        let trust = Mount(
            destination: "/etc/landfall", type: "bind", source: "/etc/landfall",
            options: ["bind", "nosuid", "noexec", "nodev", "ro"])
        return [program] + own + [trust]
    }

    private static func volume(_ mount: ContainerSpec.Mount, number: Int) -> Mount {
        Mount(
            destination: mount.path, type: "bind", source: "\(fromBundle.mounts)/\(number)",
            options: ["rbind", "nosuid", "nodev"] + (mount.isReadOnly ? ["ro", "rro"] : ["rw"]))
    }
}
