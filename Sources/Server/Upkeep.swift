import Directory
import Foundation
import Identity
import Logbook
import Logging
import Registry
import SecretManager
import ServiceLifecycle

/// Removes what has had its time: tokens and keys that ended, what was deleted long ago, log entries
/// beyond their retention, contents that no image has any more, and secrets.
struct Upkeep: Service {
    let directory: Directory
    let tokens: Tokens
    let keys: SystemKeys
    let logbook: Logbook
    let images: ImageStore
    let secrets: StoredSecrets
    let logger: Logger

    /// How often log entries are looked through.
    private static let pause: Duration = .seconds(6 * 3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    await tokens.purgeRegularly { failed("removing ended tokens", $0) }
                }
                group.addTask {
                    await keys.purgeRegularly { failed("removing ended keys", $0) }
                }
                group.addTask {
                    await directory.purgeRegularly { failed("removing what was deleted long ago", $0) }
                }
                group.addTask { await purgeLogs() }
                group.addTask {
                    await secrets.purgeRegularly { failed("removing secrets whose time is over", $0) }
                }
                group.addTask {
                    await images.collectGarbageRegularly { failed("removing contents that no image has", $0) }
                }
            }
        }
        await tokens.settle()
    }

    private func purgeLogs() async {
        while !Task.isCancelled {
            do {
                _ = try await logbook.purge(before: Date() - TimeInterval(Logbook.retentionDays) * 86_400)
            } catch {
                failed("removing old log entries", error)
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func failed(_ what: String, _ error: any Error) {
        guard !(error is CancellationError) else { return }
        logger.error("\(what) failed; it is tried again", metadata: ["error": "\(error)"])
    }
}
