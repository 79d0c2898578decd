import CSandbox
import Glibc
import SystemPackage

/// The files of an agent's sandboxes: the tree that they start from in `base/`, what they write in `scratch/`, and the
/// launcher's places for mounts in `mnt/`.
///
/// It is locked for as long as its agent lives, because a seat says too little: when an agent of another directory has
/// taken a dead one's seat, the dead one's files are still nobody's.
struct FileTree: Sendable {
    let path: String
    let scratch: FileDescriptor
    private let lock: FileDescriptor

    /// Makes the tree.
    ///
    /// - Parameters:
    ///   - directory: holds the trees of agents.
    ///   - seat: the agent's; there is no tree of its name yet.
    init(
        in directory: String, seat: Seat, accounts: AccountFiles, resolution: NameResolution, shown: [ShownPath]
    ) throws {
        path = "\(directory)/\(seat.group)"
        try Directory.make(path, mode: 0o700)
        lock = try Directory.open(path)
        do {
            try checkedErrno(flock(lock.rawValue, LOCK_EX | LOCK_NB), "lock \(path)")
            for name in ["base", "scratch", "mnt"] { try Directory.make(name, in: lock) }
            let base = try Directory.open("base", in: lock)
            defer { try? base.close() }
            try RootFiles(base: base, accounts: accounts, resolution: resolution).fill(shown: shown)
            scratch = try Directory.open("scratch", in: lock)
        } catch {
            try? lock.close()
            throw error
        }
    }

    /// Shows a file in every sandbox that is made over the tree, also in those that are open.
    func show(_ content: [UInt8], as name: String) throws {
        try RootFiles.show(content, as: name, below: "\(path)/base")
    }

    /// Removes the tree.
    func remove() {
        try? scratch.close()
        Self.remove(path)
        try? lock.close()
    }

    /// Removes a tree that is nobody else's.
    static func remove(_ path: String) { _ = sandbox_remove_tree(AT_FDCWD, path) }

    /// Removes the trees of dead agents.
    static func sweep(_ directory: String) {
        for name in Directory.names(directory) where Seat.number(inGroup: name) != nil {
            guard let tree = try? Directory.open("\(directory)/\(name)") else { continue }
            if flock(tree.rawValue, LOCK_EX | LOCK_NB) == 0 { remove("\(directory)/\(name)") }
            try? tree.close()
        }
    }
}
