import Foundation
import TestSupport
import Testing

@Suite("Isolation of tasks", .needsRoot, .serialized)
struct IsolationTests {
    private static let asUser = #""runAsNonRoot":true"#

    /// Runs a script as alice's OS Login account, or as root; it must succeed. Returns what it printed.
    private func run(
        _ server: LandfallServer, _ name: String, _ script: String, asRoot: Bool = false
    ) async throws -> [String] {
        let group = asRoot ? [] : [Self.asUser]
        let (status, log) = try await server.outcome(name, TestJob(script, group: group))
        guard status.state == "SUCCEEDED" else { throw TestFailure("\(name): \(status.text)\n\(log)") }
        return log
    }

    @Test("whoami, id, getent, HOME and the home directory agree, and there is no further group")
    func account() async throws {
        try await LandfallServer.with { server in
            let script = """
                whoami; echo $USER $LOGNAME; id -un; id -gn; id -Gn; echo ~alice_example_com; echo $HOME; stat -c %U $HOME
                cd && echo kept > file && cat file
                id -u; getent passwd $(whoami) | cut -d: -f3; grep ^Groups /proc/self/status; id -G
                """
            let lines = try await run(server, "who", script)
            let name = "alice_example_com"
            #expect(lines.prefix(5) == [name, "\(name) \(name)", name, name, name])
            #expect(lines[5...8] == ["/home/\(name)", "/home/\(name)", name, "kept"])
            let uid = lines[9]
            let number = try #require(UInt32(uid))
            #expect(number >= 1000)
            #expect(lines[10] == uid)
            let groups = lines[11].split(whereSeparator: \.isWhitespace).dropFirst()
            #expect(groups.allSatisfy { $0 == uid }, "\(groups)")
            #expect(lines[12] == uid)
            // The same person has the same id in the next task, and the host does not know it.
            #expect(try await run(server, "again", "id -u") == [uid])
            #expect(try await Program.run(["getent", "passwd", uid]).status != 0)
        }
    }

    @Test("no program gives a user more than it has")
    func privileges() async throws {
        try await LandfallServer.with { server in
            let script = """
                grep -E '^(NoNewPrivs|CapEff|CapPrm|CapBnd)' /proc/self/status | tr -d '\\t'
                for program in su sudo passwd mount newgrp; do
                    path=$(command -v $program) && test -u $path && echo setuid $program
                done
                su -c id root </dev/null 2>/dev/null && echo su
                sudo -n id 2>/dev/null && echo sudo
                unshare -r id -u 2>/dev/null && cat /etc/shadow 2>/dev/null && echo shadow
                mount -t tmpfs none /mnt 2>/dev/null && echo mount
                touch /usr/bin/mark /etc/mark /mark 2>/dev/null && echo wrote
                true
                """
            let lines = try await run(server, "rights", script)
            let none = "0000000000000000"
            let rights = lines.filter { $0.contains(":") }
            #expect(Set(rights) == ["CapPrm:\(none)", "CapEff:\(none)", "CapBnd:\(none)", "NoNewPrivs:1"])
            let gained = ["su", "sudo", "shadow", "mount", "wrote"].filter(lines.contains)
            #expect(gained == [], "\(lines)")
        }
    }

    @Test("a setuid program of root's stays the user's")
    func setuid() async throws {
        try await LandfallServer.with { server in
            // A root task's file is the only one that a task could bring along; a user's task sees none of it.
            let asRoot = """
                cp $(command -v id) /usr/local/bin/rooted && chmod 4755 /usr/local/bin/rooted && echo made
                setpriv --reuid 12345 --regid 12345 --clear-groups /usr/local/bin/rooted -u
                """
            let made = try await run(server, "root", asRoot, asRoot: true)
            #expect(made == ["made", "12345"])
            #expect(!FileManager.default.fileExists(atPath: "/usr/local/bin/rooted"))
            let asUser =
                "test -e /usr/local/bin/rooted && echo there; su=$(command -v su); test -u $su && $su -c id 2>/dev/null; true"
            #expect(try await run(server, "user", asUser) == [])
        }
    }

    @Test("root of a task owns nothing of the host")
    func root() async throws {
        try await LandfallServer.with { server in
            let mark = server.sleep(3)
            let script = """
                id -u; echo changed > /etc/mark && cat /etc/mark; cat /proc/self/uid_map; echo on; \(mark)
                """
            try await server.submit("root", TestJob(script))
            let lines = try await server.printed("root", lines: 4)
            #expect(lines[0] == "0" && lines[1] == "changed")
            let map = lines[2].split(whereSeparator: \.isWhitespace).compactMap { UInt64($0) }
            #expect(map.count == 3 && map[0] == 0 && map[1] >= 0x7000_0000, "\(lines[2])")
            #expect(!FileManager.default.fileExists(atPath: "/etc/mark"))

            let id = try await eventually(mark) { HostProcesses.ids(with: mark).first }
            let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
            let uids = status.split(separator: "\n").first { $0.hasPrefix("Uid:") }?
                .split(whereSeparator: \.isWhitespace).dropFirst().compactMap { UInt64($0) }
            #expect(uids == Array(repeating: map[1], count: 4))
            // The host's view of the file that root of the task has made.
            var file = stat()
            #expect(stat("/proc/\(id)/root/etc/mark", &file) == 0)
            #expect(UInt64(file.st_uid) == map[1])
        }
    }

    @Test("daemons die with their task")
    func daemons() async throws {
        try await LandfallServer.with { server in
            let mark = server.sleep(4)
            let script = """
                setsid \(mark) & (setsid sh -c '(trap "" TERM HUP; \(mark)) &' &) ; nohup \(mark) >/dev/null 2>&1 &
                sleep 0.3; echo left
                """
            for asRoot in [false, true] {
                let lines = try await run(server, "daemons-\(asRoot)", script, asRoot: asRoot)
                #expect(lines == ["left"])
                #expect(HostProcesses.ids(with: mark) == [])
            }
        }
    }

    @Test("a task sees no file, socket or process of the host's, of the server's or of another task's")
    func view() async throws {
        try await LandfallServer.with { server in
            let mark = server.sleep(5)
            try await server.submit("other", TestJob("echo secret > /tmp/secret; echo on; \(mark)"))
            try await server.printed("other", lines: 1)
            let script = """
                for path in \(server.data) /tmp/secret /run/landfall/seat-0 /root/.ssh /var/run/docker.sock /sys/kernel \\
                    /sys/fs/cgroup/landfall-* /sys/fs/cgroup/*/landfall-*; do
                    test -e $path && echo $path
                done
                ls /proc | grep -c '^[0-9]'; grep -h . /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c '\(mark)'
                ls -A /home
                """
            let lines = try await run(server, "view", script + "; true")
            #expect(lines.count == 3, "\(lines)")
            let processes = try #require(Int(lines[0]))
            #expect(processes < 10)
            #expect(lines[1] == "0")
            #expect(lines[2] == "alice_example_com")
        }
    }

    @Test("a task reaches neither the host's addresses nor another task")
    func network() async throws {
        try await LandfallServer.with { server in
            let listener = try HostListener()
            defer { listener.close() }
            let listening = """
                hostname -I
                perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 7777, Listen => 9); $s->accept; print "reached\\n"'
                """
            try await server.submit("listens", TestJob(listening))
            let other = try await server.printed("listens", lines: 1)[0].split(separator: " ").map(String.init)
            let hosts = ["127.0.0.1"] + (try await HostListener.addresses())
            let targets =
                hosts.map { "\($0):\(listener.port)" } + ["127.0.0.1:\(try server.info().port)"]
                + other.map { "\($0):7777" }
            #expect(targets.count >= 4, "\(targets)")
            // Its own listener is what the task does reach.
            let script = """
                perl -MIO::Socket::INET -e '
                    $s = IO::Socket::INET->new(LocalPort => 7778, Listen => 9); open F, ">/tmp/up"; $s->accept while 1;
                ' &
                until test -e /tmp/up; do sleep 0.01; done
                for target in 127.0.0.1:7778 \(targets.joined(separator: " ")); do
                    timeout 5 bash -c "exec 3<>/dev/tcp/${target%:*}/${target##*:}" 2>/dev/null && echo $target &
                    tries="$tries $!"
                done
                wait $tries
                true
                """
            for asRoot in [false, true] {
                let reached = try await run(server, "reaches-\(asRoot)", script, asRoot: asRoot)
                #expect(reached == ["127.0.0.1:7778"])
            }
            #expect(try await server.log("listens").count == 1)
            // The addresses are right: from the host they answer.
            // Those of other agents' networks come and go.
            for host in hosts where !host.hasPrefix("100.") { #expect(listener.answers(at: host), "\(host)") }
        }
    }

    @Test("a task finds names and reaches the network; root installs a package that the host never sees", .needsMirror)
    func outside() async throws {
        try await LandfallServer.with { server in
            let script = """
                getent hosts deb.debian.org >/dev/null && echo named
                timeout 20 bash -c 'exec 3<>/dev/tcp/deb.debian.org/80' && echo reached
                """
            #expect(try await run(server, "user", script) == ["named", "reached"])
            let before = try await Program.run(["dpkg-query", "-W"]).output
            let install = """
                (apt-get update && apt-get install -y --no-install-recommends hello) >/tmp/log 2>&1 || tail /tmp/log
                hello; dpkg-query -W -f '${Status}\\n' hello
                """
            let task = #""computeResource":{"cpuMilli":"1000","memoryMib":"1024"}"#
            let (status, log) = try await server.outcome("install", TestJob(install, task: [task]))
            #expect(status.state == "SUCCEEDED", "\(log)")
            #expect(log.last == "install ok installed", "\(log)")
            #expect(try await Program.run(["dpkg-query", "-W"]).output == before)
        }
    }
}
