import Synchronization
import SystemPackage

/// A TCP listener in a network namespace: whoever connects to it is a process of the sandbox that is in there.
///
/// It stays with the namespace, which serves one sandbox after another: making one takes longer than a small task.
public final class NetworkListener: Sendable {
    /// A socket that listens; the namespace's, which closes it at its end.
    public let descriptor: FileDescriptor
    private let service = Mutex<(any ListenerService)?>(nil)

    init(descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    /// What serves the listener, made when it is asked for first.
    ///
    /// - Parameter make: takes a duplicate of the descriptor.
    /// - Throws: what `make` throws, and `Errno` when the process has no descriptor left.
    /// - Returns: the service; one of another kind is stopped for it.
    public func service<Service: ListenerService>(_ make: (FileDescriptor) throws -> Service) throws -> Service {
        try service.withLock { service in
            if let found = service as? Service { return found }
            service?.stop()
            let made = try make(try descriptor.duplicate())
            service = made
            return made
        }
    }

    /// Ends the service and the listener.
    func close() {
        service.withLock { service in
            service?.stop()
            service = nil
        }
        try? descriptor.close()
    }
}

/// What accepts the connections of a listener, for as long as there is one.
public protocol ListenerService: AnyObject, Sendable {
    /// Closes its duplicate of the listener. Called once, when no sandbox is in the namespace any more.
    func stop()
}
