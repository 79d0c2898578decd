import CSandbox
import Glibc
import Synchronization
import SystemPackage

/// The agent's cgroups: one group of its own in each hierarchy, and below it one per sandbox.
final class CgroupTree: Sendable {
    let layout: CgroupLayout
    private let name: String
    private let processes = ProcessLimits.ofThisMachine
    private let pool = Mutex(Pool())

    private struct Pool {
        var free: [FreeSet] = []
        var next = 0
    }

    /// Groups that serve again. Their limits are those of their last sandbox, which cannot reach them.
    private struct FreeSet {
        var set: CgroupSet
        var limits: CgroupSet.Limits
    }

    init(layout: CgroupLayout, name: String) throws {
        self.layout = layout
        self.name = name
        for mount in layout.legacyMounts { try Directory.make("\(mount)/\(name)") }
        let root = "\(layout.unified)/\(name)"
        if !layout.delegated.isEmpty {
            let enable = layout.delegated.map { "+\($0)" }.joined(separator: " ")
            try TextFile.write(enable, to: "\(layout.unified)/cgroup.subtree_control")
            try Directory.make(root)
            try TextFile.write(enable, to: "\(root)/cgroup.subtree_control")
        } else {
            try Directory.make(root)
        }
        try TextFile.write("\(processes.allTasks)", to: "\(layout.legacy["pids"] ?? layout.unified)/\(name)/pids.max")
    }

    /// A group for a sandbox, with its limits set and its counters at zero.
    func take(_ limits: CgroupSet.Limits) throws -> CgroupSet {
        let (free, number) = pool.withLock { pool -> (FreeSet?, Int) in
            if let free = pool.free.popLast() { return (free, 0) }
            pool.next += 1
            return (nil, pool.next)
        }
        // A job's tasks have the same limits, and setting them takes twenty system calls.
        if let free, free.limits == limits { return free.set }
        let set = try free?.set ?? CgroupSet(layout: layout, group: "\(name)/\(number)", processLimit: processes.task)
        do {
            try set.prepare(limits)
        } catch {
            set.remove()
            throw error
        }
        return set
    }

    /// Takes a group back that has these limits and no process any more. Version 1's counters can be set back, so that
    /// its groups serve again; making them takes longer than a small task.
    func giveBack(_ set: CgroupSet, _ limits: CgroupSet.Limits, isReusable: Bool) {
        if isReusable, layout.isLegacy, set.reset() {
            pool.withLock { $0.free.append(FreeSet(set: set, limits: limits)) }
        } else {
            set.remove()
        }
    }

    /// Removes every group. Returns when they are gone, or after a bounded wait.
    func remove() {
        for free in pool.withLock({ pool in
            defer { pool.free = [] }
            return pool.free
        }) { free.set.remove() }
        Self.sweep(layout: layout, name: name)
    }

    /// Kills what is in the groups of this name and removes them.
    static func sweep(layout: CgroupLayout, name: String) {
        let root = "\(layout.unified)/\(name)"
        if let directory = try? Directory.open(root) {
            try? TextFile.write("1", in: directory, "cgroup.kill")
            _ = sandbox_wait_unpopulated(directory.rawValue, 10_000)
            try? directory.close()
        }
        for mount in [layout.unified] + layout.legacyMounts {
            let path = "\(mount)/\(name)"
            for child in Directory.names(path) where child.allSatisfy(\.isNumber) {
                CgroupSet.removeGroup("\(path)/\(child)")
            }
            CgroupSet.removeGroup(path)
        }
    }
}
