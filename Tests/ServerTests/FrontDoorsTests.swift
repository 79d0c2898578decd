import Foundation
import Logging
import Methods
import Testing

@testable import Server

@Suite("What a server serves")
struct FrontDoorsTests {
    private func withParts(_ body: (Parts, ServerConfiguration) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        let layout = DataLayout(root: root)
        for directory in [layout.stateDirectory, layout.authorityDirectory, layout.socketDirectory] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(atPath: root) }
        let configuration = ServerConfiguration(
            layout: layout, host: "127.0.0.1", port: 0, owner: "alice@example.com", project: "demo",
            universe: "landfall.test")
        try await body(Parts(configuration, logger: Logger(label: "test")), configuration)
    }

    @Test("has a table whose every row can be served, over REST as over gRPC")
    func table() async throws {
        try await withParts { parts, configuration in
            _ = try FrontDoors(parts, configuration, logger: Logger(label: "test"))
            for api in FrontDoors.apis(parts) {
                let names = api.methods.map(\.name)
                #expect(Set(names).count == names.count, "\(api.service)")
            }
        }
    }

    @Test("asks for a token in every method of the port")
    func tokens() async throws {
        try await withParts { parts, _ in
            let open = FrontDoors.apis(parts).flatMap(\.methods).filter(\.isOpen).map(\.name)
            #expect(open == [])
        }
    }

    @Test("has enabled, in the first project, every service that must be")
    func enabled() async throws {
        try await withParts { parts, _ in
            let enabled = try #require(parts.directory.state.services["demo"]).names
            let needed = FrontDoors.apis(parts).filter(\.mustBeEnabled).map(\.service)
            #expect(enabled.isSuperset(of: needed))
        }
    }

    @Test("is refused a second time on the same data directory")
    func lock() async throws {
        try await withParts { _, configuration in
            let first = try DataLock(configuration.layout)
            #expect(throws: ServerFailure.self) { _ = try DataLock(configuration.layout) }
            first.release()
            _ = try DataLock(configuration.layout)
        }
    }
}

extension Methods.Method {
    fileprivate var isOpen: Bool {
        if case .anyone = access { true } else { false }
    }
}
