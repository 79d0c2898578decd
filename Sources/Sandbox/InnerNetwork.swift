import CSandbox
import Glibc
import Synchronization
import SystemPackage

/// The network of those containers of a sandbox that are to reach nothing beyond it: a namespace behind the sandbox's own,
/// made when the first of them starts.
final class InnerNetwork: Sendable {
    private let outer: FileDescriptor
    private let made = Mutex<FileDescriptor?>(nil)

    /// - Parameter outer: a netlink socket of the sandbox's namespace, which outlives this.
    init(behind outer: FileDescriptor) {
        self.outer = outer
    }

    /// The namespace. Blocks for some milliseconds when it has to be made.
    ///
    /// - Throws: `SandboxError`
    func namespace() throws -> FileDescriptor {
        try made.withLock { made in
            if let made { return made }
            let raw = sandbox_network_create_inner(outer.rawValue)
            let namespace = FileDescriptor(rawValue: try checked(raw, "make a network without a way out"))
            made = namespace
            return namespace
        }
    }

    /// Removes the namespace, if there is one, when no process is in it any more.
    func remove() {
        made.withLock { made in
            guard let namespace = made else { return }
            _ = sandbox_network_remove_inner(outer.rawValue)
            try? namespace.close()
            made = nil
        }
    }
}
