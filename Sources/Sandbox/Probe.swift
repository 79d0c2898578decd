import CSandbox
import Glibc

/// Tries what sandboxes need, one thing after another.
struct Probe {
    let directory: String

    /// Everything.
    func all() -> [HostReport.Capability] {
        essentials() + [userNamespaces(), overlay(), containers(), network(), names(), ids()]
    }

    /// What costs next to nothing to look at.
    func essentials() -> [HostReport.Capability] { [root(), cgroups(), seccomp(), nft()] }

    private func root() -> HostReport.Capability {
        required(
            "root", works: geteuid() == 0 ? "the agent runs as root" : nil,
            reason: "this is user \(geteuid()), who may not make namespaces, cgroups and users' processes",
            remedy: "Start Landfall as root; only its agent stays root, the server gives it up.")
    }

    private func cgroups() -> HostReport.Capability {
        do {
            let layout = try CgroupLayout.read()
            let legacy = layout.legacyMounts.isEmpty ? "version 2" : "version 2 for killing, version 1 for limits"
            let writable = access(layout.unified, W_OK) == 0 || geteuid() != 0
            return required(
                "cgroups", works: writable ? legacy : nil, reason: "\(layout.unified) is read-only",
                remedy: "Mount it writable; in a container, start that with its cgroups writable.")
        } catch {
            return required("cgroups", works: nil, reason: "\(error)", remedy: "See cgroups(7).")
        }
    }

    private func seccomp() -> HostReport.Capability {
        required(
            "system call filter", works: sandbox_probe_seccomp() == 0 ? "seccomp" : nil,
            reason: "the kernel takes no seccomp filter", remedy: "Use a kernel with CONFIG_SECCOMP_FILTER.")
    }

    private func nft() -> HostReport.Capability {
        required(
            "packet filter", works: NetworkRules.program, reason: "the program nft is missing",
            remedy: "Install the package nftables.")
    }

    private func userNamespaces() -> HostReport.Capability {
        guard geteuid() == 0 else { return untried("user namespaces") }
        let result = sandbox_probe_user_namespace()
        return HostReport.Capability(
            name: "user namespaces",
            state: result == 0
                ? .available("root tasks are root of their own")
                : .missing(
                    reason: describe(-result),
                    remedy: "Set user.max_user_namespaces above 0. Only non-root tasks run without."),
            isRequired: false)
    }

    private func overlay() -> HostReport.Capability {
        guard geteuid() == 0 else { return untried("overlay over id-shifted layers") }
        var template = Array("\(directory)/landfall-probe-XXXXXX".utf8CString)
        let made = mkdtemp(&template) != nil
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let result = made ? sandbox_probe_shifted_overlay(path) : -errno
        if made { _ = sandbox_remove_tree(AT_FDCWD, path) }
        return HostReport.Capability(
            name: "overlay over id-shifted layers",
            state: result == 0
                ? .available("root tasks write over the system's files")
                : .missing(
                    reason: "\(describe(-result)) in \(directory)",
                    remedy: "Use Linux 5.19 or later and ext4, xfs or btrfs. Only non-root tasks run without."),
            isRequired: false)
    }

    private func containers() -> HostReport.Capability {
        HostReport.Capability(
            name: "containers",
            state: ContainerRuntime.onThisHost().map { .available($0.path) }
                ?? .missing(
                    reason: "neither crun nor runc is installed",
                    remedy: "Install the package crun. Only scripts run without."),
            isRequired: false)
    }

    /// A namespace with a veth pair, made and removed.
    private func network() -> HostReport.Capability {
        guard geteuid() == 0 else {
            return required("network namespaces", works: nil, reason: "only root can try", remedy: "Start as root.")
        }
        var netlink: Int32 = -1
        var statistics: [Int32] = [-1, -1]
        let namespace = sandbox_network_create(&netlink, &statistics)
        var result = namespace
        if namespace >= 0 {
            result = sandbox_network_connect(namespace, netlink, "lfprobe\(getpid())", 0xc612_fffe, 0xc612_ffff)
            _ = sandbox_network_disconnect("lfprobe\(getpid())")
            close(netlink)
            for file in statistics where file >= 0 { close(file) }
            close(namespace)
        }
        return required(
            "network namespaces", works: result >= 0 ? "veth pairs by netlink" : nil, reason: describe(-result),
            remedy: "Load the kernel module veth.")
    }

    private func names() -> HostReport.Capability {
        let servers = NameResolution().servers
        return HostReport.Capability(
            name: "name servers",
            state: servers.isEmpty
                ? .missing(
                    reason: "/etc/resolv.conf names none that a sandbox can reach",
                    remedy: "Name one that is not on loopback, for tasks to resolve names.")
                : .available(servers.joined(separator: ", ")),
            isRequired: false)
    }

    /// Whether somebody was given the ids of root sandboxes.
    private func ids() -> HostReport.Capability {
        let taken = ["/etc/subuid", "/etc/subgid"].contains { file in
            (TextFile.read(file) ?? "").split(separator: "\n").contains { line in
                let fields = line.split(separator: ":")
                guard fields.count == 3, let first = UInt64(fields[1]), let count = UInt64(fields[2]) else {
                    return false
                }
                return first + count > 0x7000_0000 && first < 0x8000_0000
            }
        }
        return HostReport.Capability(
            name: "ids of root tasks",
            state: taken
                ? .missing(
                    reason: "/etc/subuid or /etc/subgid gives some of 1879048192 to 2147483647 to a user",
                    remedy: "Give that user other ids.")
                : .available("1879048192 to 2147483647 are nobody's"),
            isRequired: false)
    }

    /// What only root tasks need, and only root can try.
    private func untried(_ name: String) -> HostReport.Capability {
        HostReport.Capability(
            name: name,
            state: .missing(reason: "only root can try", remedy: "Start as root. Only non-root tasks run without."),
            isRequired: false)
    }

    private func required(
        _ name: String, works: String?, reason: String, remedy: String
    ) -> HostReport.Capability {
        HostReport.Capability(
            name: name, state: works.map { .available($0) } ?? .missing(reason: reason, remedy: remedy),
            isRequired: true)
    }
}
