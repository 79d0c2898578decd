import Dispatcher
import Identity
import Logbook
import Logging
import Store

/// What a server is made of, below its sockets.
struct Parts: Sendable {
    let store: SQLiteStore
    /// The one instance that every write goes through, so that a check of access sees it at once.
    let directory: DirectoryCache
    /// Id of the project that is meant where none is named.
    let project: String
    let ownership: Ownership
    let credentials: CredentialParts
    var tokens: Tokens { credentials.tokens }
    let logbook: Logbook
    let dispatcher: Dispatcher
    let authority: Authority

    /// Opens the databases and the authority, makes them on the first start, and settles who owns the installation.
    init(
        _ configuration: ServerConfiguration, settings: DispatcherSettings = DispatcherSettings(), logger: Logger
    ) async throws {
        let layout = configuration.layout
        store = try SQLiteStore(path: layout.database)
        directory = DirectoryCache(store)
        let oldest = try await Installation.firstProject(in: directory)
        project = configuration.project ?? oldest ?? "demo"
        ownership = Ownership(project: project, directory: directory)
        try await ownership.open(owner: configuration.owner)
        credentials = CredentialParts(store: store, directory: directory, configuration)
        logbook = try Logbook(path: layout.logbook)
        authority = try Authority(directory: layout.authorityDirectory, names: configuration.domains)
        dispatcher = Dispatcher(store: store, logbook: logbook, settings: settings, logger: logger)
    }

    /// Ends the jobs of projects that were marked for deletion when the last server had no time to end them.
    func endJobsOfDeletedProjects() async throws {
        for project in await dispatcher.busyProjects where try await directory.project(project)?.isActive == false {
            try await dispatcher.cancelJobs(ofProject: project)
        }
    }
}
