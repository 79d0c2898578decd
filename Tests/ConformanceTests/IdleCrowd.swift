import Foundation
import TestSupport

/// Many connections to one server that are opened and held, by programs of their own, which have the descriptors for it.
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
        let part = try await RunningProgram(
            ["python3", program, "\(port)", "\(count - self.count)", "\(self.count)"])
        parts.append(part)
        // A word is all that it says, in one piece or two.
        let said = await part.output.some()
        guard said?.hasPrefix("held") == true else {
            part.send(SIGKILL)
            throw TestFailure("connections were refused: \(said ?? "") \(await part.errors.text())")
        }
        self.count = count
    }

    /// Closes all connections.
    func leave() async {
        for part in parts {
            part.send(SIGKILL)
            _ = try? await part.end()
        }
        parts = []
        count = 0
    }
}
