/// What the owner of a server says about it.
public struct ServerConfiguration: Sendable {
    /// Where it keeps its state.
    public var layout: DataLayout
    /// The host that the port listens at.
    public var host: String
    /// The port; 0 takes a free one.
    public var port: Int
    /// E-mail address of the owner, for the first start; nil: the first person who logs in.
    public var owner: String?
    /// Id of the first project.
    public var project: String
    /// The domain under which the APIs answer beside `googleapis.com`.
    public var universe: String

    /// What a server needs to be told.
    public init(layout: DataLayout, host: String, port: Int, owner: String?, project: String, universe: String) {
        self.layout = layout
        self.host = host
        self.port = port
        self.owner = owner
        self.project = project
        self.universe = universe
    }

    /// All domains whose names the server answers to.
    var domains: [String] { ["googleapis.com", "pkg.dev", "run.app", universe] }
}
