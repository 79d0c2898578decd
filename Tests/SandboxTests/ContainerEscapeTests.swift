import Foundation
import Sandbox
import TestSupport
import Testing

@Suite("A container that wants out", .serialized, .enabled(if: runsContainers, needsContainers))
struct ContainerEscapeTests {
    @Test(
        "cannot mount, change namespaces, load modules, change the kernel's settings or make devices",
        arguments: [
            SandboxSpec.User.root, alice,
        ])
    func powers(user: SandboxSpec.User) async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(
                .shell(
                    """
                    mount -t tmpfs none /tmp 2>/dev/null && echo mounted
                    init=$(echo /dev/init*); test -e $init || echo no init
                    mount -o remount,rw $init 2>/dev/null && echo remounted
                    umount /proc/sys 2>/dev/null && echo unmounted
                    unshare -m true 2>/dev/null && echo mount namespace
                    unshare -U true 2>/dev/null && echo user namespace
                    ip link set lo down 2>/dev/null && echo link
                    hostname other 2>/dev/null && echo renamed
                    insmod /bin/busybox 2>/dev/null && echo module
                    (echo 1 > /proc/sys/net/ipv4/ip_forward) 2>/dev/null && echo sysctl
                    (echo x > /proc/sys/kernel/core_pattern) 2>/dev/null && echo core pattern
                    (echo b > /proc/sysrq-trigger) 2>/dev/null && test -s /proc/sysrq-trigger && echo sysrq
                    (echo x > /sys/kernel/uevent_helper) 2>/dev/null && echo uevent
                    mknod /tmp/disk b 8 0 2>/dev/null && echo device
                    (echo x >> $init) 2>/dev/null && echo init
                    (echo x > /proc/1/exe) 2>/dev/null && echo exe
                    kill -9 1 2>/dev/null; ps | grep -q init && echo still here
                    grep NoNewPrivs /proc/self/status
                    """, images), in: .containers(user))
        }
        #expect(outcome.lines == ["still here", "NoNewPrivs:\t1"], "\(outcome.errors)")
    }

    @Test("is nobody on the host, as root and as any user of its image", arguments: ["", "app", "65534"])
    func identity(user: String) async throws {
        try await withContainers { sandboxes, images in
            let sandbox = try await sandboxes.open(.containers())
            let mark = "landfall-mark-\(UUID().uuidString)"
            let process = try await sandbox.start(
                ProcessSpec(
                    program: .container(.shell("echo up; sleep 600; : \(mark)", images, user: user)),
                    environment: ["PATH": "/bin"]))
            let find = "pgrep -f '^sh -c echo up; .*\(mark)'"
            try await Program.shell("for i in $(seq 600); do \(find) && break; sleep 0.1; done")
            let ids = try await Program.shell(
                "for p in $(\(find)); do awk '/^[UG]id/ {print $2,$3,$4,$5}' /proc/$p/status; done")
            let numbers = ids.split(whereSeparator: \.isWhitespace).compactMap { UInt32($0) }
            #expect(numbers.count == 8 && numbers.allSatisfy { (0x7000_0000..<0x8000_0000).contains($0) }, "\(ids)")
            for pipe in [process.output, process.errors] { try pipe.close() }
            _ = await sandbox.close()
        }
    }

    @Test("gains nothing from a program of its image that is set-user-id")
    func setUserID() async throws {
        let outcome = try await withContainers { sandboxes, images in
            try FileManager.default.copyItem(atPath: "/bin/busybox", toPath: "\(images.busybox)/bin/id-of-root")
            #expect(chmod("\(images.busybox)/bin/id-of-root", 0o4755) == 0)
            return try await sandboxes.once(
                .shell("ln -s /bin/id-of-root /tmp/id && /tmp/id -u", images, user: "app"))
        }
        #expect(outcome.output == "1000\n", "\(outcome.errors)")
    }

    @Test("finds nothing of the host: no data directory, socket, other process or network interface")
    func surroundings() async throws {
        let socket = "/run/landfall-test-\(UUID().uuidString)"
        try await Program.shell("touch \(socket)")
        defer { try? FileManager.default.removeItem(atPath: socket) }
        let listener = try HostListener()
        defer { listener.close() }
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(
                .shell(
                    """
                    ls /run /var /home /root /usr 2>/dev/null; find / -name 'landfall-test*' 2>/dev/null
                    ls /proc | grep -E '^[0-9]+$' | wc -l | awk '$1 > 8 {print "processes"}'
                    ls /proc/self/fd | awk '$1 > 4 {print "descriptor " $1}'
                    nc -w 1 127.0.0.1 \(listener.port) </dev/null 2>/dev/null && echo loopback
                    cat /proc/kcore /proc/keys /proc/timer_list 2>/dev/null | head -c 10; ls -A /sys/firmware
                    ls /sys/class/net | grep -v -e '^lo$' -e '^eth0$'
                    dd if=/proc/1/root/etc/passwd 2>/dev/null | head -1
                    """, images))
        }
        #expect(outcome.lines == ["root:x:0:0:root:/root:/bin/sh"], "\(outcome.errors)")
    }

    @Test("is not led out by links where its mounts go")
    func linkedTargets() async throws {
        let outside = "/var/tmp/landfall-outside-\(UUID().uuidString)"
        try await Program.shell("mkdir \(outside)")
        defer { try? FileManager.default.removeItem(atPath: outside) }
        try await withContainers { sandboxes, images in
            try images.makeLayer("links", directories: [])
            for (link, target) in [
                ("data", outside), ("dev", outside), ("sys", "../../../../..\(outside)"), ("more", "/data"),
            ] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(images.directory)/links/\(link)", withDestinationPath: target)
            }
            let volumes = [SandboxVolume(name: "v", source: .memory(limitMiB: 1))]
            let container = ContainerSpec.shell(
                "echo mine > /data/x; cat /more/x", images, layers: ["\(images.directory)/links"],
                mounts: [.init(volume: "v", path: "/data/volume")])
            // The runtime may refuse such an image; what it must not do is follow the link.
            _ = try? await sandboxes.once(container, in: .containers(volumes: volumes))
            #expect(try FileManager.default.contentsOfDirectory(atPath: outside).isEmpty)
        }
    }

    @Test(
        "starts as the launcher's program under its filter, whatever an image or a volume puts over /dev",
        arguments: ["volume", "link"])
    func coveredDevices(how: String) async throws {
        try await withContainers { sandboxes, images in
            try images.makeLayer("covered", directories: how == "link" ? ["v/x"] : ["v"])
            if how == "link" {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(images.directory)/covered/dev", withDestinationPath: "/v/x")
            }
            let volumes = [SandboxVolume(name: "v", source: .memory(limitMiB: 1))]
            let sandbox = try await sandboxes.open(.containers(volumes: volumes))
            func run(_ script: String, at path: String) async throws -> Outcome {
                try await sandbox.run(
                    .shell(
                        script, images, layers: ["\(images.directory)/covered"],
                        mounts: [.init(volume: "v", path: path)]))
            }
            // Where the launcher's program might be looked for, and a place to write to from either.
            let planted = try await sandbox.run(
                .shell(
                    """
                    mkdir /data/x
                    for d in /data /data/x; do
                        echo '#!/bin/sh' > $d/init; echo 'grep Seccomp: /proc/self/status > ${0%/*}/seen' >> $d/init
                        chmod 755 $d/init
                    done
                    """, images, mounts: [.init(volume: "v", path: "/data")]))
            #expect(planted.end == .exited(0), "\(planted.errors)")
            // It may be refused.
            _ = try? await run("true", at: how == "link" ? "/v" : "/dev")
            let seen = try await sandbox.run(
                .shell("cat /data/seen /data/x/seen; echo .", images, mounts: [.init(volume: "v", path: "/data")]))
            #expect(seen.output == ".\n")
            _ = await sandbox.close()
        }
    }

    @Test("has no volume over the system's files", arguments: ["/dev", "/proc", "/proc/self", "/sys", "/sys/fs"])
    func volumesOverSystem(path: String) async throws {
        try await withContainers { sandboxes, images in
            let volumes = [SandboxVolume(name: "v", source: .memory(limitMiB: 1))]
            let error = try await #require(throws: SandboxError.self) {
                try await sandboxes.once(
                    .shell("true", images, mounts: [.init(volume: "v", path: path)]), in: .containers(volumes: volumes))
            }
            #expect("\(error)".contains("no volume can be at \(path)"))
        }
    }

    @Test("starts or is refused at once where its image has something odd in the place of a mount")
    func oddPlaces() async throws {
        try await withContainers { sandboxes, images in
            let places = ["etc/hosts", "etc/resolv.conf", "etc/landfall", "proc", "sys", "dev", "dev/pts", "etc/group"]
            for place in places {
                for make in ["mkfifo \(place)", "echo x > \(place)", "ln -s loop \(place)"] {
                    try images.makeLayer("odd", directories: ["etc"])
                    try await Program.shell(
                        "cd \(images.directory)/odd && mkdir -p dev && rmdir \(place) 2>&1; \(make)")
                    let container = ContainerSpec.shell("echo up", images, layers: ["\(images.directory)/odd"])
                    if let outcome = try? await sandboxes.once(container) {
                        #expect(outcome.output == "up\n", "\(make): \(outcome.errors)")
                    }
                    try FileManager.default.removeItem(atPath: "\(images.directory)/odd")
                }
            }
        }
    }

    @Test("does not hold its USER's file, be it a pipe, a link into the host or endless, against the host")
    func accountFiles() async throws {
        try await withContainers { sandboxes, images in
            for make in ["mkfifo etc/passwd", "ln -s /proc/self/environ etc/passwd", "ln -s /dev/zero etc/passwd"] {
                try images.makeLayer("odd", directories: ["etc"])
                try await Program.shell("cd \(images.directory)/odd && \(make)")
                // Not a shell: busybox's reads the file itself.
                let container = ContainerSpec(
                    layers: [images.busybox, "\(images.directory)/odd"],
                    arguments: ["grep", "^Uid", "/proc/self/status"],
                    user: "app")
                let outcome = try await sandboxes.once(container)
                #expect(outcome.output == "Uid:\t0\t0\t0\t0\n", "\(make): \(outcome.errors)")
                try FileManager.default.removeItem(atPath: "\(images.directory)/odd")
            }
        }
    }
}
