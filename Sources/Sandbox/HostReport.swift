/// What this machine can isolate, found by trying.
public struct HostReport: Sendable {
    /// One thing that sandboxes need.
    public struct Capability: Sendable {
        /// What it is, in a few words.
        public var name: String
        /// Whether it is there.
        public var state: State
        /// Whether there are no sandboxes at all without it.
        public var isRequired: Bool
    }

    /// Whether a capability is there.
    public enum State: Hashable, Sendable {
        /// It works; the words say how.
        case available(String)
        /// It does not, for this reason; the remedy is for the owner of the machine.
        case missing(reason: String, remedy: String)
    }

    /// In the order in which they are to be mended.
    public var capabilities: [Capability]

    /// Whether sandboxes can be made.
    public var isSufficient: Bool {
        capabilities.allSatisfy { capability in
            if case .missing = capability.state { return !capability.isRequired }
            return true
        }
    }

    /// Tries everything. `directory` is where the files of sandboxes would lie; it must exist.
    public static func probe(directory: String = "/var/tmp") -> HostReport {
        HostReport(capabilities: Probe(directory: directory).all())
    }

    /// Checks what is quick to check and without which nothing works.
    ///
    /// - Throws: `SandboxError` with reason and remedy.
    static func requireEssentials() throws {
        for capability in Probe(directory: "/var/tmp").essentials() {
            if case .missing(let reason, let remedy) = capability.state {
                throw SandboxError("\(capability.name): \(reason). \(remedy)")
            }
        }
    }
}
