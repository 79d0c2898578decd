import CSandbox
import Glibc
import SystemPackage

/// One sandbox's groups, one in each hierarchy.
struct CgroupSet: Sendable {
    /// As much of an earlier sandbox's memory may count as the next one's.
    private static let negligibleBytes = 1 << 20
    /// The same of a group with a first process and the files that it shows. Nearly all of it is what the kernel has
    /// kept of files, and gives back when a task wants the room; each container leaves some.
    private static let inhabitedBytes = 16 << 20

    /// What a sandbox may have at most; the processor's time is a share, not a limit.
    struct Limits: Hashable, Sendable {
        var cpuMilli: Int
        var memoryMiB: Int

        init(_ spec: SandboxSpec) {
            cpuMilli = spec.cpuMilli
            memoryMiB = spec.memoryMiB
        }
    }

    private let layout: CgroupLayout
    private let group: String
    /// Of processes and threads, at most.
    private let processLimit: Int
    /// The directory in cgroup2.
    let unified: FileDescriptor
    private let legacy: [String: FileDescriptor]
    /// `cgroup.procs` of each version 1 hierarchy, for writing.
    let processFiles: [FileDescriptor]

    init(layout: CgroupLayout, group: String, processLimit: Int) throws {
        self.layout = layout
        self.processLimit = processLimit
        self.group = group
        var opened: [FileDescriptor] = []
        do {
            func open(_ mount: String) throws -> FileDescriptor {
                let path = "\(mount)/\(group)"
                try Directory.make(path)
                opened.append(try Directory.open(path))
                return opened[opened.count - 1]
            }
            unified = try open(layout.unified)
            let byMount = try Dictionary(uniqueKeysWithValues: layout.legacyMounts.map { ($0, try open($0)) })
            legacy = layout.legacy.compactMapValues { byMount[$0] }
            processFiles = try byMount.values.map { directory in
                let raw = openat(directory.rawValue, "cgroup.procs", O_WRONLY | O_CLOEXEC)
                let file = FileDescriptor(rawValue: try checkedErrno(raw, "open cgroup.procs"))
                opened.append(file)
                return file
            }
        } catch {
            for file in opened { try? file.close() }
            throw error
        }
    }

    /// Sets limits. The share of the processor is relative to other sandboxes and to the machine's services.
    func prepare(_ limits: Limits) throws {
        let bytes = limits.memoryMiB * 1_048_576
        if let memory = legacy["memory"] {
            // The limit with swap may never be the smaller one.
            try? TextFile.write("-1", in: memory, "memory.memsw.limit_in_bytes")
            try TextFile.write("\(bytes)", in: memory, "memory.limit_in_bytes")
            try? TextFile.write("\(bytes)", in: memory, "memory.memsw.limit_in_bytes")
            // What lies in sockets counts apart from the rest in version 1, and only where it is limited.
            try? TextFile.write("\(bytes / 4)", in: memory, "memory.kmem.tcp.limit_in_bytes")
        } else {
            try TextFile.write("\(bytes)", in: unified, "memory.max")
            try? TextFile.write("0", in: unified, "memory.swap.max")
            try TextFile.write("1", in: unified, "memory.oom.group")
        }
        if let cpu = legacy["cpu"] {
            try TextFile.write("\(min(max(limits.cpuMilli * 1024 / 1000, 2), 262_144))", in: cpu, "cpu.shares")
        } else {
            try TextFile.write("\(min(max(limits.cpuMilli / 10, 1), 10_000))", in: unified, "cpu.weight")
        }
        try TextFile.write("\(processLimit)", in: legacy["pids"] ?? unified, "pids.max")
    }

    /// The ids of the threads in the group, as far as 1 MiB of text goes; none once the group is removed.
    var threads: [pid_t] {
        (TextFile.read(in: unified, "cgroup.threads") ?? "").split(separator: "\n").compactMap { pid_t($0) }
    }

    /// Kills every process in the group at once.
    func kill() { try? TextFile.write("1", in: unified, "cgroup.kill") }

    /// Waits until the kernel has let go of the last process.
    func waitUntilEmpty() { _ = sandbox_wait_unpopulated(unified.rawValue, 10_000) }

    /// What was used since the counters were zero; `baseline` is what `outOfMemoryKills` said then.
    func usage(since baseline: Int) -> SandboxUsage {
        let peakFile = legacy["memory"] == nil ? "memory.peak" : "memory.max_usage_in_bytes"
        return SandboxUsage(
            cpuMicroseconds: cpuMicroseconds,
            peakMemoryBytes: number(in: legacy["memory"] ?? unified, peakFile),
            outOfMemoryKills: max(outOfMemoryKills - baseline, 0))
    }

    /// How many processes the kernel has killed in the group for want of memory, ever.
    var outOfMemoryKills: Int {
        let file = legacy["memory"] == nil ? "memory.events" : "memory.oom_control"
        return Int(field("oom_kill", in: legacy["memory"] ?? unified, file))
    }

    private var cpuMicroseconds: UInt64 {
        if let accounting = legacy["cpuacct"] { return number(in: accounting, "cpuacct.usage") / 1000 }
        return field("usage_usec", in: unified, "cpu.stat")
    }

    private func number(in directory: FileDescriptor, _ file: String) -> UInt64 {
        let text = TextFile.read(in: directory, file) ?? ""
        return UInt64(text.split(whereSeparator: \.isWhitespace).first ?? "") ?? 0
    }

    private func field(_ name: String, in directory: FileDescriptor, _ file: String) -> UInt64 {
        for line in (TextFile.read(in: directory, file) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name { return UInt64(words[1]) ?? 0 }
        }
        return 0
    }

    /// Sets version 1's counters back. Returns false when the group cannot serve again.
    ///
    /// - Parameter isInhabited: a first process stays in the group, and what little it has in memory.
    func reset(isInhabited: Bool = false) -> Bool {
        guard let memory = legacy["memory"], let accounting = legacy["cpuacct"] else { return false }
        do {
            // What the last sandbox's files left in memory is not the next one's. Emptying waits for all processors,
            // so that the few pages which every process leaves are let be.
            let bytes = number(in: memory, "memory.usage_in_bytes")
            if isInhabited, bytes > Self.inhabitedBytes { return false }
            if !isInhabited, bytes > Self.negligibleBytes {
                try TextFile.write("0", in: memory, "memory.force_empty")
            }
            try TextFile.write("0", in: memory, "memory.max_usage_in_bytes")
            try TextFile.write("0", in: accounting, "cpuacct.usage")
            if !isInhabited { Self.removeRuntimeGroups("\(layout.unified)/\(group)") }
            return true
        } catch {
            return false
        }
    }

    /// Closes and removes the groups.
    func remove() {
        for file in [unified] + Set(legacy.values.map(\.rawValue)).map(FileDescriptor.init(rawValue:)) + processFiles {
            try? file.close()
        }
        for mount in [layout.unified] + layout.legacyMounts { Self.removeGroup("\(mount)/\(group)") }
    }

    /// Removes a group. Version 1 tells nobody when its last process is gone for good, which is moments after cgroup2
    /// has said so; hence a few tries.
    static func removeGroup(_ path: String) {
        removeRuntimeGroups(path)
        for _ in 0..<1000 {
            if rmdir(path) == 0 || errno != EBUSY { return }
            usleep(1000)
        }
    }

    /// Removes the groups below one that a container runtime has made and, when it was killed, left.
    private static func removeRuntimeGroups(_ path: String) {
        for child in Directory.names("\(path)/containers") where child.allSatisfy(\.isNumber) {
            rmdir("\(path)/containers/\(child)")
        }
        rmdir("\(path)/containers")
    }
}
