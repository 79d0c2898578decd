import Images
import Logging
import Metadata
import Sandbox
import Schema
import Synchronization

/// How tasks find the server, as it said last.
final class ServerDirections: Sendable {
    private let sandboxes: any Sandboxes
    private let images: any ImageSource
    private let logger: Logger
    private let known = Mutex<Landfall_Agent_V1_Port?>(nil)

    init(sandboxes: any Sandboxes, images: any ImageSource, logger: Logger) {
        self.sandboxes = sandboxes
        self.images = images
        self.logger = logger
    }

    /// Where the server's port is; nil while no server has said.
    var port: ServerPort? {
        known.withLock { $0 }.map {
            ServerPort(host: $0.host, port: Int($0.port), domains: $0.domains.map { $0.lowercased() })
        }
    }

    /// Takes what a server says at a welcome, and shows its authority to the tasks.
    func learn(_ port: Landfall_Agent_V1_Port) async {
        guard (1...65_535).contains(port.port), !port.host.isEmpty else { return }
        let before = known.withLock { $0 }
        if before?.authority != port.authority {
            do {
                for (name, text) in TrustFiles(authority: port.authority).contents {
                    try await sandboxes.show(Array(text.utf8), as: name)
                }
            } catch {
                logger.error("Tasks cannot be shown the server's authority.", metadata: ["error": "\(error)"])
            }
        }
        if before != port { await reachRegistry(at: port) }
        known.withLock { $0 = port }
    }

    private func reachRegistry(at port: Landfall_Agent_V1_Port) async {
        let registry = LandfallRegistry(
            host: port.host, port: Int(port.port), authority: port.authority,
            domains: port.domains.map { $0.lowercased() })
        do {
            try await images.reach(registry)
        } catch {
            logger.error("The server's registry cannot be reached.", metadata: ["error": "\(error)"])
        }
    }
}
