import ArtifactRegistry
import Batch
import CloudRun
import Control
import Denials
import DockerRegistry
import Gateway
import IAM
import Identity
import Logging
import LoggingAPI
import Methods
import OSLoginAPI
import OrgPolicy
import PolicyTroubleshooter
import Requests
import ResourceManager
import Schema
import SecretManager
import ServiceUsage
import TaskCredentialsAPI

/// What is served where: the APIs on the port, the owner's and the agents' methods on sockets that the owner alone
/// can open.
struct FrontDoors: Sendable {
    private let parts: Parts
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let registry: DockerRegistry
    private let api: Answers
    private let control: Answers
    private let openPort = OpenPort()

    /// - Throws: `RouteError` for a table that cannot be served.
    init(_ parts: Parts, _ configuration: ServerConfiguration, logger: Logger) throws {
        self.parts = parts
        self.configuration = configuration
        self.logger = logger
        let gatekeeper = Gatekeeping(bearers: parts.credentials.bearers, directory: parts.directory)
        api = try Answers(
            Self.apis(parts), universes: [configuration.universe], gatekeeper: gatekeeper, observer: parts.audit,
            denials: parts.denials, logger: logger)
        registry = DockerRegistry(
            images: parts.images, directory: parts.directory, universe: parts.universe, gatekeeper: gatekeeper,
            observer: parts.audit, denials: parts.denials, translate: WireErrors.translate, logger: logger)
        control = try Answers(
            [Self.control(parts, configuration, openPort)], universes: [], gatekeeper: gatekeeper, logger: logger)
    }

    /// Everything that clients can call.
    static func apis(_ parts: Parts) -> [API] {
        let context = BatchContext(
            engine: parts.dispatcher, jobs: parts.store,
            directory: BatchAccounts(directory: parts.directory, osLogin: parts.osLogin),
            hostDirectories: parts.hostDirectories)
        let others = [
            BatchAPI.api(context), CloudRunAPI.api(cloudRun(parts)), LoggingService.api(logbook: parts.logbook),
            parts.credentials.api,
            OSLoginAPI.api(directory: parts.directory, osLogin: parts.osLogin),
            DenialsAPI.api(parts.denials),
            ArtifactRegistryAPI.api(directory: parts.directory, images: parts.images),
            SecretManagerAPI.api(parts.secrets),
            // Before Resource Manager, whose operations have the more general path: for callers of a plain address.
            ServiceUsageAPI.api(directory: parts.directory),
            OrgPolicyAPI.api(directory: parts.directory),
            PolicyTroubleshooterAPI.api(directory: parts.directory),
            ResourceManagerAPI.api(
                directory: parts.directory,
                shutDown: { try await parts.dispatcher.cancelJobs(ofProject: $0) }),
        ]
        let iam = IAMAPI.api(
            directory: parts.directory, systemKeys: parts.credentials.systemKeys, universe: parts.universe,
            auditableServices: others.map(\.service).filter { $0.hasSuffix(".googleapis.com") })
        return [iam] + others
    }

    private static func cloudRun(_ parts: Parts) -> CloudRunContext {
        CloudRunContext(
            engine: parts.dispatcher, executions: parts.store, jobs: parts.store, directory: parts.directory,
            images: ServedImages(
                store: parts.images, directory: parts.directory, hosts: RegistryHosts(universe: parts.universe)),
            hostDirectories: parts.hostDirectories)
    }

    /// What the owner and the agents can call.
    static func control(_ parts: Parts, _ configuration: ServerConfiguration, _ openPort: OpenPort) -> API {
        ControlAPI.api(
            directory: parts.directory, accounts: Accounts(directory: parts.directory),
            serviceAccounts: parts.credentials.accounts, ownership: parts.ownership, tokens: parts.tokens,
            signIns: parts.credentials.signIns,
            status: {
                let nodes = await parts.dispatcher.status().filter(\.isConnected).map(\.name)
                return .with {
                    $0.version = Version.current
                    $0.defaultProject = parts.project
                    $0.universeDomain = configuration.universe
                    $0.authorityFile = parts.authority.certificateFile
                    $0.nodes = nodes
                }
            },
            connect: { requests, send in
                let port = await Self.port(openPort.number(), parts, configuration)
                try await parts.dispatcher.serve(requests: requests, port: port, send: send)
            },
            further: [DenialsAPI.ownersMethod(parts.denials)] + taskCredentials(parts))
    }

    /// What agents ask in the name of tasks.
    private static func taskCredentials(_ parts: Parts) -> [any Method] {
        TaskCredentialsAPI.methods(
            attempts: { caller in
                await parts.dispatcher.job(
                    ofAttempt: Int(caller.attempt.attempt), at: Int(caller.attempt.index), of: caller.attempt.jobUid,
                    on: caller.incarnation)
            },
            accounts: parts.credentials.accounts, tokens: parts.tokens, idTokens: parts.credentials.idTokens,
            secrets: SecretReader(
                secrets: parts.secrets,
                gatekeeper: Gatekeeping(bearers: parts.credentials.bearers, directory: parts.directory),
                observer: parts.audit))
    }

    /// How tasks on this machine find the server.
    private static func port(
        _ number: Int, _ parts: Parts, _ configuration: ServerConfiguration
    ) -> Landfall_Agent_V1_Port {
        let everywhere = ["0.0.0.0": "127.0.0.1", "::": "::1"]
        return .with {
            $0.host = everywhere[configuration.host] ?? configuration.host
            $0.port = UInt32(number)
            $0.authority = parts.authority.certificatePEM
            $0.domains = configuration.domains
        }
    }

    /// The one port of all APIs.
    func port(onListening: @escaping @Sendable (Int) -> Void) -> GatewayServer {
        let routes = PortRoutes(
            rest: api.rest, oauth: parts.credentials.oauth, registry: registry, domains: configuration.domains)
        let endpoint = Endpoint(
            .tcp(host: configuration.host, port: configuration.port),
            rest: { request, host, peer in await routes.respond(to: request, host: host, from: peer) },
            grpc: api.grpc,
            isUnhurried: { path, host in routes.isImageTransfer(path: path, host: host) },
            certificates: AuthorityCertificates(authority: parts.authority),
            proxy: ProxyPolicy(own: DomainNames(configuration.domains)))
        return GatewayServer(endpoints: [endpoint], limits: Self.limits, logger: logger) { [openPort] ports in
            guard let port = ports.first else { return }
            openPort.open(port)
            onListening(port)
        }
    }

    /// The sockets of the owner and of the agents: the same methods, each in a place of its own.
    func sockets(onListening: @escaping @Sendable () -> Void) -> GatewayServer {
        let control = control
        let endpoints = [configuration.layout.controlSocket, configuration.layout.agentSocket].map { path in
            Endpoint(
                .unix(path: path), rest: { request, _, _ in await control.rest.respond(to: request, host: "") },
                grpc: control.grpc)
        }
        return GatewayServer(endpoints: endpoints, limits: Self.limits, logger: logger) { _ in onListening() }
    }

    private static let limits: Limits = {
        var limits = Limits()
        // Requests are over in less; what lasts longer are tails of logs.
        limits.grace = .seconds(2)
        limits.connections = min(limits.connections, Descriptors.forConnections)
        return limits
    }()
}

/// How a table of methods is answered, over REST and over gRPC.
struct Answers: Sendable {
    let rest: RESTResponder
    let grpc: GRPCResponder

    /// - Throws: `RouteError` for a table that cannot be served.
    init(
        _ apis: [API], universes: [String], gatekeeper: any Gatekeeper, observer: (any CallObserver)? = nil,
        denials: (any DenialRecorder)? = nil, logger: Logger
    ) throws {
        let table = APITable(apis: apis, universes: universes)
        let invoker = Invoker(
            gatekeeper: gatekeeper, logger: logger, observer: observer, denials: denials,
            translate: WireErrors.translate)
        rest = try RESTResponder(table: table, invoker: invoker)
        grpc = GRPCResponder(methods: MethodRegistry(table: table, invoker: invoker), logger: logger)
    }
}
