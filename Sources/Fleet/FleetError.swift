import Glibc

/// Why an agent could not be started, in words for the owner of the machine.
public struct FleetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public var description: String

    /// - Parameter code: the error number of the system call that failed, if one did.
    init(_ description: String, _ code: Int32? = nil) {
        self.description = code.map { "\(description): \(String(cString: strerror($0)))." } ?? "\(description)."
    }
}
