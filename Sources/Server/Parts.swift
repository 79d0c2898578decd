import Audit
import CloudRun
import Denials
import Directory
import Dispatcher
import Foundation
import Identity
import Logbook
import Logging
import Registry
import SecretManager
import Secrets
import Store
import Workload

/// What a server is made of, below its sockets.
struct Parts: Sendable {
    let store: SQLiteStore
    /// Projects, accounts and policies.
    let directory: Directory
    /// Id of the project that is meant where none is named.
    let project: String
    let ownership: Ownership
    let credentials: CredentialParts
    var tokens: Tokens { credentials.tokens }
    let osLogin: OSLogin
    let logbook: Logbook
    /// Hears of every call on the port.
    let audit: AuditTrail
    /// Keeps the refusals among them.
    let denials: DenialLog
    /// What the repositories have.
    let images: ImageStore
    /// The secrets and their values.
    let secrets: StoredSecrets
    let dispatcher: Dispatcher
    let authority: Authority
    /// The domain under which the APIs answer beside `googleapis.com`.
    let universe: String
    /// The directories of the nodes that jobs may use.
    let hostDirectories: HostDirectories

    /// Opens the databases and the authority, makes them on the first start, and settles who owns the installation.
    init(
        _ configuration: ServerConfiguration, settings: DispatcherSettings = DispatcherSettings(), logger: Logger
    ) async throws {
        let layout = configuration.layout
        universe = configuration.universe
        hostDirectories = configuration.hostDirectories
        store = try SQLiteStore(path: layout.database)
        directory = try Directory(store)
        let oldest = Installation.firstProject(in: directory.state)
        project = configuration.project ?? oldest ?? "demo"
        ownership = Ownership(project: project, directory: directory)
        try await ownership.open(owner: configuration.owner)
        try await Self.completeAccounts(in: directory)
        credentials = CredentialParts(store: store, directory: directory, configuration)
        osLogin = OSLogin(directory: directory, site: configuration.accounts)
        let logbook = try Logbook(path: layout.logbook)
        self.logbook = logbook
        audit = AuditTrail(directory: directory, logger: logger) {
            try await logbook.append($0)
        }
        denials = try DenialLog(
            path: layout.denials, link: "https://denials.\(configuration.universe)/v1/denials/", logger: logger)
        images = try ImageStore(directory: layout.registry)
        try await images.sweep(keeping: Set(directory.state.repositories.all.map(\.uid)))
        let secretStore = try SecretStore(path: layout.secrets, keyPath: layout.secretsKey)
        try await secretStore.sweep(keeping: Set(directory.state.secrets.all.map(\.uid)))
        secrets = StoredSecrets(directory: directory, store: secretStore)
        authority = try Authority(directory: layout.authorityDirectory, names: configuration.domains)
        dispatcher = Dispatcher(
            store: store, logbook: logbook, settings: settings, logger: logger,
            obituary: CloudRunAPI.systemEvent)
    }

    /// Makes the accounts of services that were enabled before the accounts came with them.
    private static func completeAccounts(in directory: Directory) async throws {
        try await directory.change { draft in
            for services in draft.state.services.sorted {
                guard let project = draft.state.projects[services.project] else { continue }
                try draft.enable(services.names, in: project, at: Date())
            }
        }
    }

    /// Ends what belonged to jobs of Cloud Run that the last server had no time to delete with them.
    func endExecutionsOfDeletedJobs() async throws {
        try await CloudRunAPI.endExecutionsOfDeletedJobs(in: store, by: dispatcher)
    }

    /// Ends the jobs of projects that were marked for deletion when the last server had no time to end them.
    func endJobsOfDeletedProjects() async throws {
        for project in await dispatcher.busyProjects where directory.state.projects[project]?.isActive == false {
            try await dispatcher.cancelJobs(ofProject: project)
        }
    }
}
