import ArgumentParser
import Fleet
import Foundation
import Logging
import Sandbox
import Server

struct Up: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start a server.",
        discussion: """
            Needs root, to start the agent that runs tasks; the server itself then becomes an unprivileged account. \
            SIGTERM stops the server and lets tasks that run go on until a server is there again; SIGINT (Ctrl-C) ends \
            the tasks, too.
            """)

    @Option(help: "Where state is kept. Default: LANDFALL_DATA, else /var/lib/landfall.")
    var data: String?

    @Option(help: "Address of the one port; port 0 takes a free one.")
    var listen: ListenAddress = ListenAddress(host: "127.0.0.1", port: 8787)

    @Option(help: "E-mail address of the owner, on the first start. Default: the first who logs in.")
    var owner: String?

    @Option(help: "Id of the project that is meant where none is named. Default: the first one, which is 'demo'.")
    var project: String?

    @Option(
        help: ArgumentHelp(
            "File of POSIX accounts that exist already: lines of PRINCIPAL USER UID [GID].",
            discussion: "Jobs of others run as accounts of Landfall's own.", valueName: "file"))
    var accounts: String?

    @Option(help: "Domain of the private universe, beside googleapis.com.")
    var universe = "landfall.test"

    @Option(help: "URL that id tokens name as their issuer. Default: https://accounts. and the universe.")
    var issuer: String?

    @OptionGroup var agent: AgentOptions

    @Option(
        help: ArgumentHelp(
            "Directory that stands for a bucket in volumes of jobs; may be repeated.", valueName: "name=directory"))
    var bucket: [String] = []

    @Option(
        help: ArgumentHelp(
            "Directory at which this machine has mounted an NFS export that jobs name as a volume; may be repeated.",
            valueName: "server:/path=directory"))
    var nfs: [String] = []

    /// Everything that takes root comes first, on the one thread that there is.
    func run() throws {
        let layout = DataLayout(root: DataDirectory.forServer(data))
        let configuration = try configuration(layout)
        guard geteuid() == 0 else {
            throw CommandFailure(
                "'landfall up' needs root: to give each task its own user, namespaces, cgroup and network. "
                    + "Only the agent keeps it; the server becomes an unprivileged account. Try: sudo landfall up")
        }
        let report = HostReport.probe()
        guard report.isSufficient else {
            throw CommandFailure("This machine cannot isolate tasks:\n\(report.text)")
        }
        let account = ServerAccount.choose(dataDirectory: layout.root)
        try configuration.check(account)
        try layout.prepare(for: account)
        try layout.requireNoServer()
        try PortCheck(host: listen.host, port: listen.port).verify()
        Self.raiseDescriptorLimit()
        try LocalFleet.ensureAgent(
            executable: Executable.path, dataDirectory: layout.root, socketPath: layout.agentSocket,
            ownerUID: account.uid, options: agent.arguments(openDirectories: configuration.hostDirectories.all))
        try account.become()
        FreedMemory.goesBack()

        var logger = Logger(label: "landfall")
        logger.logLevel = .notice
        let owner = owner
        let server = Server(configuration: configuration, logger: logger)
        Program.runToTheEnd {
            try await server.run { info in
                print(Self.greeting(info, owner: owner, data: layout.root))
                fflush(nil)
                FreedMemory.startIsOver()
            }
        }
    }

    private func configuration(_ layout: DataLayout) throws -> ServerConfiguration {
        var configuration = ServerConfiguration(
            layout: layout, host: listen.host, port: listen.port, owner: owner, project: project, universe: universe)
        configuration.issuer = issuer
        try configuration.open(directories: agent.share, buckets: bucket, exports: nfs)
        try configuration.check()
        if let accounts {
            let text = String(decoding: try InputFile(path: accounts).contents(), as: UTF8.self)
            try configuration.readAccounts(text, file: accounts)
        }
        return configuration
    }

    /// Connections and sandboxes take descriptors: as many as the machine allows. Tasks get the usual limit again.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func greeting(_ info: ServerInfo, owner: String?, data: String) -> String {
        """
        Landfall \(info.version) listens at \(info.address), data in \(data).
        Next, in another terminal:
          landfall login \(owner ?? "you@example.com")
          landfall exec -- gcloud batch jobs list --location us-central1
        Ready.
        """
    }
}

/// `HOST:PORT`, where an IPv6 address stands in brackets.
struct ListenAddress: ExpressibleByArgument {
    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let port = UInt16(argument[argument.index(after: colon)...])
        else { return nil }
        host = argument[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.port = Int(port)
        guard !host.isEmpty else { return nil }
    }

    var defaultValueDescription: String { "\(host):\(port)" }
}
