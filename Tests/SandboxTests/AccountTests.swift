import Glibc
import Sandbox
import Testing

@Suite("A task of an account", .serialized, .enabled(if: isCapable, needsRoot))
struct AccountTests {
    @Test("is who its passwd file says, with no other groups")
    func identity() async throws {
        let outcome = try await withSandboxes {
            try await $0.once(
                """
                whoami; id -u; id -g; id -G; getent passwd alice_example_com; getent group 60001
                echo $HOME; pwd; hostname; stat -c '%U %a' $HOME; umask
                """)
        }
        #expect(outcome.errors == "")
        #expect(
            outcome.lines == [
                "alice_example_com", "60001", "60001", "60001",
                "alice_example_com:x:60001:60001::/home/alice_example_com:/bin/bash", "alice_example_com:x:60001:",
                "/home/alice_example_com", "/home/alice_example_com", "task-0", "alice_example_com 700", "0022",
            ])
    }

    @Test("writes to its home, /tmp, /var/tmp and /dev/shm, and nowhere else")
    func writing() async throws {
        let outcome = try await withSandboxes {
            try await $0.once(
                """
                for d in $HOME /tmp /var/tmp /dev/shm; do echo x > $d/file && cat $d/file; done
                for d in / /etc /usr /usr/bin /var /run /run/landfall /home /dev /opt /proc/sys/kernel; do
                  touch $d/file 2>/dev/null && echo "wrote to $d"; done
                echo out > /dev/stdout; echo done
                """)
        }
        #expect(outcome.lines == ["x", "x", "x", "x", "out", "done"])
    }

    @Test("sees nothing of the host's secrets, homes, sockets or other processes")
    func hiddenFiles() async throws {
        let outcome = try await withSandboxes {
            try await $0.once(
                """
                for f in /etc/shadow /root/.bashrc /run/systemd /etc/ssh; do
                  cat $f >/dev/null 2>&1 && echo "read $f"; ls $f/* >/dev/null 2>&1 && echo "listed $f"; done
                ls /home; ls -d /proc/[0-9]* | wc -l; head -c 1 /proc/kcore 2>/dev/null | wc -c
                cat /proc/1/environ 2>/dev/null; kill -9 1 2>/dev/null; wc -l < /proc/net/route
                """)
        }
        #expect(outcome.lines.first == "alice_example_com")
        #expect(outcome.lines.count == 4)
        #expect(Int(outcome.lines[1]).map { $0 <= 5 } == true)
        #expect(outcome.lines[2] == "0")
        #expect(outcome.end == .exited(0))
    }

    @Test("gains nothing by setuid programs, namespaces or mounts")
    func privileges() async throws {
        let outcome = try await withSandboxes {
            try await $0.once(
                """
                grep -E '^(NoNewPrivs|Seccomp|CapEff|CapBnd|CapPrm|CapInh|CapAmb):' /proc/self/status | tr -d '\\t'
                unshare -Ur true 2>/dev/null && echo userns
                mount -t tmpfs none /tmp 2>/dev/null && echo mounted
                su -c id root </dev/null 2>/dev/null && echo su
                ls -l /usr/bin/su >/dev/null && grep ' /usr ' /proc/self/mountinfo | grep -c nosuid
                """)
        }
        #expect(
            outcome.lines == [
                "CapInh:0000000000000000", "CapPrm:0000000000000000", "CapEff:0000000000000000",
                "CapBnd:0000000000000000", "CapAmb:0000000000000000", "NoNewPrivs:1", "Seccomp:2", "1",
            ])
    }

    @Test(
        "cannot have an id of the system's or of root tasks", arguments: [0, 33, 999, 65534, 0x7000_0000, 0xFFFF_FFFF])
    func refusedIDs(id: UInt32) async throws {
        try await withSandboxes { sandboxes in
            let user = SandboxSpec.User.account(
                name: "alice", uid: id, gid: 2000, home: "/home/alice", shell: "/bin/sh")
            await #expect(throws: SandboxError.self) { _ = try await sandboxes.open(.small(user)) }
        }
    }
}
