import Foundation
import Testing

@testable import Sandbox

@Suite("What a sandbox takes from the host's files")
struct HostFileTests {
    @Test("are system accounts without people, comments, shells and passwords")
    func accounts() {
        let files = AccountFiles(
            hostPasswd: """
                root:x:0:0:the boss:/root:/bin/zsh
                www-data:x:33:33:Web:/var/www:/bin/sh
                bob:x:1000:1000:Bob:/home/bob:/bin/bash
                nobody:x:65534:65534::/nonexistent:/bin/sh
                damaged:x:7
                """,
            hostGroup: "root:x:0:\nwww-data:x:33:bob\nbob:x:1000:\nnogroup:x:65534:\n"
        ).adding(name: "alice", uid: 33, gid: 4000, home: "/home/alice", shell: "/bin/sh")
        #expect(
            files.passwd == """
                root:x:0:0:root:/root:/bin/bash
                nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin
                alice:x:33:4000::/home/alice:/bin/sh

                """)
        #expect(files.group == "root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\nalice:x:4000:\n")
        #expect(files.locked("root:x:0:\nalice:x:1:\n", fieldCount: 4) == "root:*::\nalice:*::\n")
    }

    @Test("are name servers that a sandbox can reach")
    func nameServers() {
        let files = [
            "/etc/resolv.conf": "nameserver 127.0.0.53\noptions edns0\n",
            "/run/systemd/resolve/resolv.conf": "nameserver 10.0.0.2\nnameserver fe80::1\nsearch example.com\n",
        ]
        let resolution = NameResolution { files[$0] }
        #expect(resolution.servers == ["10.0.0.2"])
        #expect(resolution.text == "nameserver 10.0.0.2\nsearch example.com\n")
        #expect(NameResolution { _ in nil }.servers.isEmpty)
        #expect(NameResolution { _ in "nameserver 1.2.3.4;drop\nnameserver 1.2.3\nnameserver\n" }.servers.isEmpty)
    }

    @Test("are no credentials of its virtual machine, whichever cloud it is in")
    func metadata() throws {
        let rules = NetworkRules(
            table: "t", interfacePrefix: "lf0-", network: "100.64.0.0/15", nameServers: ["168.63.129.16"])
        let lines = rules.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let through = try #require(lines.firstIndex(of: "chain through {"))
        let drop = try #require(lines.firstIndex { $0.contains("169.254.0.0/16") && $0.hasSuffix("drop") })
        for address in ["168.63.129.16", "100.100.100.200", "192.0.0.192"] {
            #expect(lines[drop].contains(address))
        }
        // Azure's name server has the same address, and may be asked for names.
        let names = try #require(lines[through...].firstIndex { $0.contains("udp dport 53 accept") })
        #expect(names < drop)
    }

    @Test("are cgroups of version 2, of version 1 beside it, or an error with its remedy")
    func cgroups() throws {
        let modern = try CgroupLayout(mounts: "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n") { path in
            path == "/sys/fs/cgroup/cgroup.controllers" ? "cpuset cpu io memory pids\n" : ""
        }
        #expect(modern.delegated == ["cpu", "memory", "pids"] && !modern.isLegacy && modern.legacyMounts.isEmpty)
        let hybrid = """
            cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0
            cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
            cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0
            cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
            """
        let layout = try CgroupLayout(mounts: hybrid) { _ in "" }
        #expect(layout.isLegacy && layout.delegated.isEmpty)
        #expect(layout.legacyMounts == ["cpu,cpuacct", "memory", "pids"].map { "/sys/fs/cgroup/\($0)" })
        #expect(throws: SandboxError.self) { try CgroupLayout(mounts: "") { _ in "" } }
        #expect(throws: SandboxError.self) { try CgroupLayout(mounts: "c /c cgroup2 rw 0 0") { _ in "cpu pids" } }
    }

    @Test(
        "are no paths that would hide or open what is the sandbox's own",
        arguments: [
            "usr", "/usr", "/usr/share", "/proc/sys", "/etc", "/root", "/a/../etc", "/no/such/path", "/", "//x",
        ])
    func refusedPaths(path: String) {
        #expect(throws: SandboxError.self) { try ShownPath.onThisHost(additions: [path]) }
    }

    @Test(
        "are no names that could leave their place",
        arguments: ["", "..", "a/b", "A", "a b", String(repeating: "a", count: 101)])
    func refusedIDs(id: String) {
        let spec = SandboxSpec(id: id, user: .root, hostname: "h", cpuMilli: 1000, memoryMiB: 64)
        #expect(throws: SandboxError.self) { try spec.check() }
    }
}
