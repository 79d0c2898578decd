import Access
import Directory
import Dispatcher
import DockerRegistry
import Foundation
import HTTPTypes
import Logging
import Methods
import NIOCore
import ServiceLifecycle

import struct HummingbirdCore.Request
import struct HummingbirdCore.RequestBody
import protocol HummingbirdCore.ResponseBodyWriter

@testable import Gateway
@testable import Server

/// A whole server without sockets, on a data directory of its own.
struct FuzzServer {
    let parts: Parts
    let configuration: ServerConfiguration
    let token: String
    let targets: [FuzzTarget]
    /// Who may do what at the start.
    private let policies: [Resource: Policy]
    private let port: PortRoutes
    private let portMethods: MethodRegistry
    private let owners: Answers
    private let ownersMethods: MethodRegistry

    private init(_ parts: Parts, _ configuration: ServerConfiguration) async throws {
        self.parts = parts
        self.configuration = configuration
        token = try await parts.tokens.issueAccess(for: .user("alice@example.com")).value
        try await Self.makePools(in: parts.directory)
        let state = parts.directory.state
        let organizations = state.organizations.sorted.map(\.resource)
        var policies: [Resource: Policy] = [:]
        for resource in organizations + [.project(parts.project)] {
            policies[resource] = state.policy(of: resource)
        }
        self.policies = policies
        let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        let gatekeeper = Gatekeeping(bearers: parts.credentials.bearers, directory: parts.directory)
        let invoker = Invoker(gatekeeper: gatekeeper, logger: logger, translate: WireErrors.translate)
        let apis = FrontDoors.apis(parts)
        let control = FrontDoors.control(parts, configuration, OpenPort(number: 8787))
        let answers = try Answers(
            apis, universes: [configuration.universe], gatekeeper: gatekeeper, logger: logger)
        port = PortRoutes(
            rest: answers.rest, oauth: parts.credentials.oauth,
            registry: DockerRegistry(
                images: parts.images, directory: parts.directory, universe: configuration.universe,
                gatekeeper: gatekeeper, translate: WireErrors.translate, logger: logger),
            domains: configuration.domains)
        portMethods = MethodRegistry(
            table: APITable(apis: apis, universes: [configuration.universe]), invoker: invoker)
        owners = try Answers([control], universes: [], gatekeeper: gatekeeper, logger: logger)
        ownersMethods = MethodRegistry(table: APITable(apis: [control], universes: []), invoker: invoker)
        targets =
            apis.flatMap { api in api.methods.map { FuzzTarget($0, of: api, isOwners: false) } }
            + control.methods.map { FuzzTarget($0, of: control, isOwners: true) }
    }

    /// Makes pools of identities with a provider each, so that there is something to ask for.
    private static func makePools(in directory: Directory) async throws {
        try await directory.change { draft in
            guard let project = draft.state.projects["demo"],
                let organization = draft.state.organizations.all.first(where: { _ in true })
            else { return }
            let pools = [
                IdentityPoolRecord(pool: .workload("pool-1", project: project.number), createdAt: Date()),
                IdentityPoolRecord(
                    pool: .workforce("staff-1"), organization: organization.number, createdAt: Date()),
            ]
            for pool in pools {
                try draft.put(pool)
                try draft.put(
                    IdentityProviderRecord(
                        pool: pool.pool, id: "provider-1", issuer: "https://issuer.example.com", audiences: ["x"],
                        attributeMapping: ["google.subject": "assertion.sub"], createdAt: Date()))
            }
            var policy = draft.state.policy(of: organization.resource)
            policy.bindings.append(
                Binding(role: "roles/iam.workforcePoolAdmin", members: ["user:alice@example.com"]))
            try draft.setPolicy(policy, of: organization.resource)
        }
    }

    /// Runs `body` with a server, then opens its data directory again, as a restart does.
    static func with(_ body: (FuzzServer) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        let layout = DataLayout(root: root)
        for directory in [layout.stateDirectory, layout.authorityDirectory, layout.socketDirectory] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(atPath: root) }
        let configuration = ServerConfiguration(
            layout: layout, host: "127.0.0.1", port: 0, owner: "alice@example.com", project: "demo",
            universe: "landfall.test")
        var settings = DispatcherSettings()
        // No agent will come.
        settings.introduction = .zero
        for isRestart in [false, true] {
            let parts = try await Parts(configuration, settings: settings, logger: Logger(label: "fuzz"))
            try await parts.dispatcher.start()
            let outcome: Result<Void, any Error>
            do {
                outcome = isRestart ? .success(()) : .success(try await body(FuzzServer(parts, configuration)))
            } catch {
                outcome = .failure(error)
            }
            await parts.dispatcher.stop()
            try outcome.get()
        }
    }

    /// Serves the port while `body` runs, which gets its number.
    func whileListening(_ body: (Int) async throws -> Void) async throws {
        let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        let (ports, report) = AsyncStream.makeStream(of: Int.self)
        let doors = try FrontDoors(parts, configuration, logger: logger)
        let group = ServiceGroup(services: [doors.port { report.yield($0) }], logger: logger)
        let running = Task {
            defer { report.finish() }
            try await group.run()
        }
        let outcome: Result<Void, any Error>
        do {
            guard let port = await ports.first(where: { _ in true }) else { return try await running.value }
            outcome = .success(try await body(port))
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        try outcome.get()
    }

    /// Makes good what a call has done to the caller's own rights: else all that follow were refused.
    func repair() async throws {
        let (id, policies) = (parts.project, policies)
        try await parts.directory.change { draft in
            guard var project = draft.state.projects[id] else { return }
            project.deletedAt = nil
            try draft.put(project)
            for (resource, policy) in policies where draft.state.policy(of: resource).bindings != policy.bindings {
                try draft.setPolicy(policy, of: resource)
            }
            try draft.enable(["batch.googleapis.com", "logging.googleapis.com"], in: project, at: Date())
        }
    }

    /// Answers a call over REST.
    func rest(_ call: FuzzCall) async throws -> (status: Int, body: [UInt8]) {
        let request = Request(head: call.head, body: RequestBody(buffer: ByteBuffer(bytes: call.body)))
        // The port knows the host in lower case and without port; what is no host is the empty one.
        let host = HostAndPort(call.host)?.host ?? ""
        let response =
            call.target.isOwners
            ? await owners.rest.respond(to: request, host: "")
            : await port.respond(to: request, host: host, from: Endpoint.Peer())
        let collector = Collector()
        try await response.body.write(collector)
        return (response.status.code, await collector.store.bytes)
    }

    /// Answers a call over gRPC, as far as its messages go.
    ///
    /// - Returns: nil when it succeeded.
    func grpc(_ call: FuzzCall) async throws -> ServiceError? {
        do {
            let host = HostAndPort(call.host)?.host ?? ""
            let head = try CallHead(call.head, host: host)
            let methods = call.target.isOwners ? ownersMethods : portMethods
            let reader = MessageReader(
                RequestBody(buffer: ByteBuffer(bytes: call.body)), limit: Limits().messageBytes)
            switch try methods.handler(path: call.path, host: host) {
            case .unary(let run): _ = try await run(reader.single(), head)
            case .stream(let run): try await Self.forAWhile { try await run(reader, head) { _ in } }
            }
            return nil
        } catch let error as ServiceError {
            return error
        }
    }

    /// A stream that is not refused goes on until its client leaves.
    private static func forAWhile(_ run: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task(operation: run)
        let leave = Task {
            try await Task.sleep(for: .milliseconds(5))
            task.cancel()
        }
        defer { leave.cancel() }
        do {
            try await task.value
        } catch let error as ServiceError where error.code == .cancelled {
            // It has left.
        }
    }

    private actor Store {
        var bytes: [UInt8] = []
        func append(_ buffer: ByteBuffer) { bytes += buffer.readableBytesView }
    }

    private struct Collector: ResponseBodyWriter {
        let store = Store()
        mutating func write(_ buffer: ByteBuffer) async throws { await store.append(buffer) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
