import Foundation
import Testing

/// A server of a test's own, started like any other: `landfall up` on a fresh data directory and a free port.
final class LandfallServer: Sendable {
    let directory: String
    private let server: Program.Running

    /// The program that was built with the tests.
    static let landfall: String = {
        // The tests' own program lies beside it.
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let besides = folder.appendingPathComponent("landfall").path
        return FileManager.default.isExecutableFile(atPath: besides)
            ? besides : FileManager.default.currentDirectoryPath + "/.build/debug/landfall"
    }()

    private init(directory: String, server: Program.Running) {
        self.directory = directory
        self.server = server
    }

    /// Runs `body` with a server that alice owns, and takes everything away again.
    static func with(_ body: (LandfallServer) async throws -> Void) async throws {
        let server = try await start()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
        await server.stop()
        try outcome.get()
    }

    private static func start() async throws -> LandfallServer {
        let directory = "/tmp/landfall-test-\(UUID().uuidString.prefix(8).lowercased())"
        let server = try Program.start(
            [landfall, "up", "--data", directory + "/data", "--listen", "127.0.0.1:0", "--owner", "alice@example.com"],
            environment: ["XDG_STATE_HOME": directory + "/state"])
        var said = ""
        while let text = await server.output.some() {
            said += text
            if said.contains("Ready") { break }
        }
        let started = LandfallServer(directory: directory, server: server)
        guard said.contains("Ready") else {
            let errors = await server.errors.text()
            await started.stop()
            throw TestFailure("the server did not start: \(said)\(errors)")
        }
        try await started.landfall("login", "alice@example.com")
        return started
    }

    private func stop() async {
        kill(server.process.processIdentifier, SIGINT)
        server.process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Runs a verb of landfall's that must succeed.
    @discardableResult
    func landfall(_ words: String...) async throws -> String {
        let result = try await run([Self.landfall] + words)
        guard result.status == 0 else {
            throw TestFailure("landfall \(words.joined(separator: " ")): \(result.output)\(result.errors)")
        }
        return result.output
    }

    /// Runs a command under `landfall exec`, as the latest login or as `account`.
    func exec(_ words: [String], as account: String? = nil, input: String = "") async throws -> Program.Result {
        let who = account.map { ["--account", $0] } ?? []
        return try await run([Self.landfall, "exec"] + who + ["--"] + words, input: input)
    }

    /// Runs a program that finds this server.
    func run(_ words: [String], input: String = "") async throws -> Program.Result {
        try await Program.run(words, environment: environment, input: input)
    }

    /// What makes clients find this server and nothing else.
    var environment: [String: String] {
        [
            "LANDFALL_DATA": directory + "/data", "XDG_STATE_HOME": directory + "/state",
            "CLOUDSDK_CONFIG": directory + "/gcloud",
        ]
    }

    /// Writes a file for a client to read.
    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(directory)/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}

struct TestFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
