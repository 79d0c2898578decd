import Audit
import ServiceLifecycle

/// Writes audit entries for as long as calls are answered, and what is left of them at the end.
struct AuditService: Service {
    let trail: AuditTrail

    func run() async throws {
        await cancelWhenGracefulShutdown { await trail.run() }
    }
}
