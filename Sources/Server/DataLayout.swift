/// Where things lie in a data directory.
public struct DataLayout: Sendable {
    /// Absolute path of the data directory.
    public let root: String

    /// The layout of a data directory, which need not exist yet.
    public init(root: String) {
        self.root = root
    }

    /// What the running server says of itself; everyone may read it.
    public var infoFile: String { "\(root)/server.json" }
    /// The databases; the server's alone.
    public var stateDirectory: String { "\(root)/state" }
    /// Jobs, projects, policies and tokens.
    public var database: String { "\(stateDirectory)/landfall.db" }
    /// Log entries.
    public var logbook: String { "\(stateDirectory)/logbook.db" }
    /// Refused calls.
    public var denials: String { "\(stateDirectory)/denials.db" }
    /// Images: blobs in files, and the database of what there is.
    public var registry: String { "\(stateDirectory)/registry" }
    /// Versions of secrets, sealed.
    public var secrets: String { "\(stateDirectory)/secrets.db" }
    /// What they are sealed with.
    public var secretsKey: String { "\(stateDirectory)/secrets.key" }
    /// The certificate authority; everyone may read its certificate.
    public var authorityDirectory: String { "\(root)/authority" }
    /// The sockets; the owner's alone.
    public var socketDirectory: String { "\(root)/run" }
    /// Where the owner logs in.
    public var controlSocket: String { "\(socketDirectory)/control.sock" }
    /// Where agents dial in.
    public var agentSocket: String { "\(socketDirectory)/agent.sock" }
    /// The agent's own; root's alone.
    public var agentDirectory: String { "\(root)/agent" }
}
