import Foundation
import TestSupport

/// Many connections to one server that are opened and held, by programs of their own: Foundation cannot start a program
/// from a process with so many descriptors.
final class IdleCrowd {
    private var parts: [RunningProgram] = []
    private var count = 0

    /// Whether a process may open so many.
    static func isPossible(_ count: Int) -> Bool {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 && limit.rlim_max > count + 1_000
    }

    /// Opens connections until there are `count`.
    func grow(to count: Int, port: Int) async throws {
        let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("attacks/crowd.py").path
        let part = try RunningProgram.start(
            ["python3", program, "\(port)", "\(count - self.count)", "\(self.count)"], environment: [:])
        parts.append(part)
        // A word is all that it says, in one piece or two.
        let said = await part.output.some()
        guard said?.hasPrefix("held") == true else {
            kill(part.process.processIdentifier, SIGKILL)
            throw TestFailure("connections were refused: \(said ?? "") \(await part.errors.text())")
        }
        self.count = count
    }

    /// Closes all connections.
    func leave() async {
        for part in parts {
            // A program that was started from a thread of a pool inherits that it blocks SIGTERM.
            kill(part.process.processIdentifier, SIGKILL)
            _ = await part.end()
        }
        parts = []
        count = 0
    }
}
