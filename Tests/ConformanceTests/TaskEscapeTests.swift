import Foundation
import TestSupport
import Testing

@Suite("Ways out of a task", .needsRoot, .serialized)
struct TaskEscapeTests {
    /// The ways in which the kernel, or the sandbox, says no; and that there is nothing (ENOENT, ENODATA, ENXIO,
    /// ENOTTY, ENODEV), that the way ends in the sandbox again (EXDEV), or that the process died of it (EINTR).
    private static let refusals: Set<Substring> = [
        "EPERM", "EACCES", "EROFS", "ENOSYS", "EAFNOSUPPORT", "EPROTONOSUPPORT", "EINVAL", "ENOENT", "ENODATA", "ENXIO",
        "ENOTTY", "ENODEV", "EXDEV", "EINTR",
    ]

    /// What the sandbox itself refuses, whatever the kernel would say.
    private static let exact: [String: Substring] = [
        "unshare-user": "EPERM", "clone-user": "EPERM", "clone3": "ENOSYS", "mount": "EPERM", "bpf": "EPERM",
        "io_uring_setup": "EPERM", "keyctl": "EPERM", "perf_event_open": "EPERM", "vsock": "EAFNOSUPPORT",
        "alg": "EAFNOSUPPORT", "packet-socket": "EAFNOSUPPORT", "open_tree_attr": "ENOSYS", "raw-socket": "EPERM",
        "ptrace-init": "EPERM", "process_vm_readv": "EPERM", "kill-init": "EPERM", "core-limit": "EPERM",
        "sys-kernel/core_pattern": "EROFS", "node-disk": "EPERM",
    ]

    @Test("are closed in the kernel: each is refused", arguments: TaskOwner.allCases)
    func kernel(owner: TaskOwner) async throws {
        try await LandfallServer.with { server in
            let job = TestJob(
                runnables: [try TestJob.attack("kernel.py")], task: [TestJob.resources(memoryMiB: 256)],
                group: owner.group)
            let (status, log) = try await server.outcome("kernel", job)
            #expect(status.state == "SUCCEEDED" && log.last == "end", "\(status.text)\n\(log)")
            let answers = log.dropLast().map { $0.split(separator: " ") }
            #expect(answers.count > 120)
            for answer in answers {
                let expected = Self.exact[String(answer[0])].map { [$0] } ?? Self.refusals
                #expect(answer.count == 2 && expected.contains(answer[1]), "\(answer)")
            }
        }
    }

    @Test("are not among its descriptors, files, processes and sockets", arguments: TaskOwner.allCases)
    func view(owner: TaskOwner) async throws {
        try await LandfallServer.with { server in
            let listener = try UnixListeners(directory: server.directory)
            defer { listener.close() }
            let mark = server.sleep(5)
            let hide = "echo secret > /tmp/secret; echo secret > ~/secret; echo on; \(mark)"
            try await server.submit("other", TestJob(hide, group: TaskOwner.account.group))
            try await server.printed("other", lines: 1)
            let home = "\(server.directory)/home"
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
            let environment = [
                "DATA": server.data, "MARK": mark, "ABSTRACT": listener.name, "SOCKETS": listener.path,
                "FOREIGN": ["/tmp/secret", home, "/root/.bash_history", "/run/landfall/seat-0", "/var/run/docker.sock"]
                    .joined(separator: ":"),
            ]
            let job = TestJob(runnables: [try TestJob.attack("view.py", environment: environment)], group: owner.group)
            let (status, log) = try await server.outcome("view", job)
            #expect(status.state == "SUCCEEDED", "\(log)")
            let name = owner == .root ? "" : "alice_example_com"
            #expect(
                log == [
                    "descriptors 0:/dev/null 1:pipe 2:pipe", "data none", "foreign none", "passwords none",
                    "homes \(name)", "mark 0", "processes few", "abstract ECONNREFUSED", "agent none", "end",
                ])
            #expect(!listener.wasReached)
        }
    }

    @Test("do not lead through what users of a machine share: its own counts of signals and watches are not root's")
    func sharedCounts() async throws {
        try await LandfallServer.with { server in
            let script = """
                #!/usr/bin/python3
                import ctypes, os, signal, time
                libc = ctypes.CDLL(None)
                watches = signals = 0
                while watches < 100000 and libc.inotify_init1(0) >= 0:
                    watches += 1
                signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
                libc.sigqueue.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
                while signals < 1000000 and libc.sigqueue(os.getpid(), signal.SIGRTMIN, None) == 0:
                    signals += 1
                print("all taken", flush=True)
                time.sleep(600)
                """
            try await server.submit("takes", TestJob(script, task: [TestJob.resources(memoryMiB: 512)]))
            try await server.printed("takes", lines: 1)
            let watches = inotify_init1(0)
            #expect(watches >= 0, "\(errno)")
            close(watches)
            // A timer of the machine's root needs a place among its pending signals.
            var timer: timer_t?
            #expect(timer_create(CLOCK_MONOTONIC, nil, &timer) == 0, "\(errno)")
            if let timer { timer_delete(timer) }
        }
    }
}
