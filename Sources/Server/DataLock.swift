import Foundation

/// Held by the one server of a data directory.
struct DataLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock; it lasts until it is released, or the process ends.
    ///
    /// - Throws: `ServerFailure` when another server has it.
    init(_ layout: DataLayout) throws {
        let path = "\(layout.stateDirectory)/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw ServerFailure("Cannot open \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw layout.isInUse
        }
        self.descriptor = descriptor
    }

    /// Lets the next server have it.
    borrowing func release() {
        flock(descriptor, LOCK_UN)
    }

    deinit {
        close(descriptor)
    }
}

extension DataLayout {
    /// Checks that no server runs here; asked before an agent is started. The lock itself is the server's to take.
    ///
    /// - Throws: `ServerFailure` when one does.
    public func requireNoServer() throws {
        let descriptor = open("\(stateDirectory)/lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { throw isInUse }
    }

    fileprivate var isInUse: ServerFailure {
        ServerFailure("Another server runs on \(root): stop it first, or choose another directory with --data.")
    }
}
