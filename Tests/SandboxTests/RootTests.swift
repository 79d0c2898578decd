import Foundation
import Sandbox
import TestSupport
import Testing

@Suite("A root task", .serialized, .enabled(if: isCapable, needsRoot))
struct RootTests {
    @Test("is root, writes everywhere and changes nothing of the host")
    func writing() async throws {
        let outcome = try await withSandboxes {
            try await $0.once(
                """
                whoami; id -u; id -G; echo $HOME; pwd
                echo x > /etc/landfall-test && cat /etc/landfall-test
                echo x > /usr/bin/landfall-test && chown 33:33 /usr/bin/landfall-test && stat -c '%u %g' /usr/bin/landfall-test
                mkdir /landfall-test /opt/landfall-test /var/lib/landfall-test && rm -rf /usr/share/doc && echo removed
                stat -c '%U' /etc /usr/bin/env /tmp /root /run; echo out > /dev/stdout
                """, as: .root)
        }
        #expect(outcome.errors == "")
        #expect(
            outcome.lines == [
                "root", "0", "0", "/root", "/root", "x", "33 33", "removed", "root", "root", "root", "root", "root",
                "out",
            ])
        for path in ["/etc/landfall-test", "/usr/bin/landfall-test", "/landfall-test", "/opt/landfall-test"] {
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        #expect(FileManager.default.fileExists(atPath: "/usr/share/doc"))
    }

    @Test("owns nothing on the host: it cannot mount, alter the network, load modules or read secrets")
    func powers() async throws {
        let outcome = try await withSandboxes {
            try await $0.once(
                """
                mount -t tmpfs none /mnt 2>/dev/null && echo mounted
                umount /proc 2>/dev/null && echo unmounted
                unshare -m true 2>/dev/null && echo mount namespace
                unshare -U true 2>/dev/null && echo user namespace
                ip link set lo down 2>/dev/null && echo link
                hostname other 2>/dev/null && echo renamed
                echo 1 > /proc/sys/net/ipv4/ip_forward 2>/dev/null && echo sysctl
                echo b > /proc/sysrq-trigger 2>/dev/null; test -s /proc/sysrq-trigger && echo sysrq
                mknod /tmp/disk b 8 0 2>/dev/null && echo device
                grep -v '^[^:]*:\\*:*$' /etc/shadow && echo passwords
                ls /var/tmp/* /home/* 2>/dev/null; cat /proc/1/environ 2>/dev/null
                kill -9 1; cat /proc/self/uid_map | tr -s ' '; sleep 1 & kill $! && echo killed
                """, as: .root)
        }
        #expect(outcome.lines.count == 2, "\(outcome.output)")
        let map = try #require(outcome.lines.first?.split(separator: " "))
        #expect(map.count == 3 && map[0] == "0" && map[2] == "65536" && (UInt32(map[1]) ?? 0) >= 0x7000_0000)
        #expect(outcome.lines.last == "killed")
    }

    @Test("installs a package with dpkg, starting from the host's")
    func package() async throws {
        let outcome = try await withSandboxes {
            try await $0.once(
                """
                set -e
                mkdir -p p/DEBIAN p/usr/bin
                printf 'Package: landfall-test\\nVersion: 1\\nArchitecture: all\\nMaintainer: x <x@example.com>\\nDescription: x\\n' > p/DEBIAN/control
                printf '#!/bin/sh\\nid www-data >/dev/null && touch /etc/from-postinst\\n' > p/DEBIAN/postinst; chmod 755 p/DEBIAN/postinst
                printf '#!/bin/sh\\necho installed\\n' > p/usr/bin/landfall-hello; chmod 755 p/usr/bin/landfall-hello
                dpkg-deb -b p p.deb >/dev/null; dpkg -i p.deb >/dev/null; landfall-hello; ls /etc/from-postinst
                dpkg -s landfall-test | grep Status
                """, as: .root)
        }
        #expect(outcome.lines == ["installed", "/etc/from-postinst", "Status: install ok installed"])
        #expect(outcome.end == .exited(0), "\(outcome.errors)")
        #expect(try await Program.shell("dpkg -s landfall-test").contains("not installed"))
    }

    @Test("makes accounts and becomes one, as packages do when they are installed")
    func accounts() async throws {
        let outcome = try await withSandboxes {
            try await $0.once(
                """
                useradd -m -s /bin/sh landfall-ann && chfn -f 'Ann A' landfall-ann
                getent passwd landfall-ann | cut -d: -f5,7; su - landfall-ann -c 'whoami; pwd'
                """, as: .root)
        }
        #expect(outcome.lines == ["Ann A,,,:/bin/sh", "landfall-ann", "/home/landfall-ann"], "\(outcome.errors)")
        #expect(try await Program.shell("getent passwd landfall-ann || true").isEmpty)
    }

    @Test("starts afresh on the ids that another had before")
    func reuse() async throws {
        try await withSandboxes { sandboxes in
            let first = try await sandboxes.once("touch /etc/mark /usr/mark; cat /proc/self/uid_map", as: .root)
            let second = try await sandboxes.once("ls /etc/mark /usr/mark; cat /proc/self/uid_map", as: .root)
            #expect(first.output == second.output)
            let one = try await sandboxes.open(.small(.root))
            let two = try await sandboxes.open(.small(.root))
            let maps = try await [one.run("cat /proc/self/uid_map"), two.run("cat /proc/self/uid_map")].map(\.output)
            #expect(maps[0] != maps[1])
        }
    }
}
