import Audit
import Denials
import ServiceLifecycle

/// Writes audit entries and refusals for as long as calls are answered, and what is left of them at the end.
struct CallLogs: Service {
    let audit: AuditTrail
    let denials: DenialLog

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await audit.run() }
                group.addTask { await denials.run() }
            }
        }
    }
}
