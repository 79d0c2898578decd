import CLinux
import Glibc
import SystemPackage

/// A program that this process started.
struct ChildProcess {
    let pid: pid_t

    /// Starts a program with this process's environment.
    ///
    /// - Parameters:
    ///   - input: becomes its standard input.
    ///   - output: becomes its standard output and error; nil: this process's own.
    ///   - ownSession: it leads a session of its own, and outlives this process's terminal.
    /// - Throws: `FleetError`.
    static func start(
        _ executable: String, _ arguments: [String], input: FileDescriptor, output: FileDescriptor?, ownSession: Bool
    ) throws -> ChildProcess {
        var strings = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var options = clinux_spawn_options(
            input: input.rawValue, output: output?.rawValue ?? -1, new_session: ownSession)
        var pid: pid_t = 0
        let error = clinux_spawn(&pid, executable, &strings, environ, &options)
        guard error == 0 else { throw FleetError("\(executable) cannot be started", error) }
        return ChildProcess(pid: pid)
    }

    /// Waits until the program has ended; it stays a zombie, so that its pid cannot be another's.
    func waitForEnd() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// Takes the status of a program that has ended: 0 to 255, or 128 + n for signal n.
    func reap() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
