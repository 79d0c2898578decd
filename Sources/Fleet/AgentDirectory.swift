import Glibc
import SystemPackage

/// The directory `agent` in a data directory: the agent's lock and log, open to root alone.
///
/// The data directory may belong to an ordinary user, so that everything here is opened relative to a descriptor
/// whose owner and mode have been checked.
public struct AgentDirectory: ~Copyable {
    private let descriptor: FileDescriptor

    /// Opens the directory and makes it if it is not there.
    ///
    /// - Throws: `FleetError` when it cannot be opened, or when somebody else owns it or can look into it.
    public init(dataDirectory: String) throws {
        let data = open(dataDirectory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard data >= 0 else { throw FleetError("\(dataDirectory) cannot be opened", errno) }
        defer { close(data) }
        if mkdirat(data, "agent", 0o700) != 0, errno != EEXIST {
            throw FleetError("\(dataDirectory)/agent cannot be made", errno)
        }
        let raw = openat(data, "agent", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard raw >= 0 else { throw FleetError("\(dataDirectory)/agent cannot be opened", errno) }
        var status = stat()
        guard fstat(raw, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            close(raw)
            throw FleetError("\(dataDirectory)/agent must belong to the agent's user and be closed to all others")
        }
        descriptor = FileDescriptor(rawValue: raw)
    }

    deinit {
        try? descriptor.close()
    }

    /// Takes the lock that says that an agent is alive. The lock lasts until it is released, or the process ends.
    ///
    /// - Returns: nil when another process has it.
    /// - Throws: `FleetError`.
    public borrowing func lock() throws -> AgentLock? {
        let file = try openFile("lock", O_RDWR)
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 else { return AgentLock(file) }
        let error = errno
        try? file.close()
        guard error == EWOULDBLOCK else { throw FleetError("The agent's lock cannot be taken", error) }
        return nil
    }

    /// Notes that the agent is about to be gone, and its lock with it.
    ///
    /// - Throws: `FleetError`.
    borrowing func noteLeaving() throws {
        let file = try openFile("leaving", O_WRONLY)
        try? file.close()
    }

    /// Takes the note back: another agent is alive.
    borrowing func forgetLeaving() {
        unlinkat(descriptor.rawValue, "leaving", 0)
    }

    /// Whether the agent has noted that it leaves.
    var isLeaving: Bool { faccessat(descriptor.rawValue, "leaving", F_OK, AT_SYMLINK_NOFOLLOW) == 0 }

    /// Opens the agent's log for appending.
    ///
    /// - Throws: `FleetError`.
    borrowing func openLog() throws -> FileDescriptor {
        try openFile("agent.log", O_WRONLY | O_APPEND)
    }

    /// Opens a file of the directory, and makes it if it is not there.
    borrowing func openFile(_ name: String, _ flags: Int32) throws -> FileDescriptor {
        let raw = openat(descriptor.rawValue, name, flags | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw FleetError("The agent's file \(name) cannot be opened", errno) }
        return FileDescriptor(rawValue: raw)
    }
}

/// Held by the process that keeps an agent alive.
public struct AgentLock: ~Copyable, Sendable {
    private let file: FileDescriptor

    init(_ file: FileDescriptor) {
        self.file = file
    }

    /// Which file it is: not the one of its name any more once somebody has removed the directory.
    var identity: FileIdentity? { FileIdentity(of: file) }

    /// Releases the lock, as the end of the value's life does.
    public consuming func release() {}

    deinit {
        // A child that another thread is just starting has a copy of the descriptor until it executes its program:
        // closing alone would leave the lock to that copy.
        _ = flock(file.rawValue, LOCK_UN)
        try? file.close()
    }
}
