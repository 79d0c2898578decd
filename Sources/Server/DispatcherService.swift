import Dispatcher
import ServiceLifecycle

/// The dispatcher among the server's services: its work ends before the sockets of its agents.
struct DispatcherService: Service {
    let dispatcher: Dispatcher

    func run() async throws {
        try? await gracefulShutdown()
        await dispatcher.stop()
    }
}
