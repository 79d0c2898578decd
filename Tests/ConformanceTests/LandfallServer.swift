import Foundation
import Server
import Synchronization
import TestSupport
import Testing

/// A server of a test's own, started like any other: `landfall up` on a fresh data directory and a free port.
final class LandfallServer: Sendable {
    let directory: String
    private let process = Mutex<RunningProgram?>(nil)

    /// More servers at once would only keep each other waiting; and a machine has room for 32 agents, which two runs of
    /// the tests may share.
    private static let turnstile = Turnstile(places: min(12, 3 + 2 * ProcessInfo.processInfo.activeProcessorCount))

    /// The program that was built with the tests.
    static let landfall: String = {
        // The tests' own program lies beside it.
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let besides = folder.appendingPathComponent("landfall").path
        return FileManager.default.isExecutableFile(atPath: besides)
            ? besides : FileManager.default.currentDirectoryPath + "/.build/debug/landfall"
    }()

    /// What `landfall up` is told besides.
    private let options: [String]

    private init(directory: String, options: [String]) {
        self.directory = directory
        self.options = options
    }

    /// Where the server keeps its state.
    var data: String { directory + "/data" }

    /// Where a test puts the accounts that its site has given already, before the server starts.
    private var accountsFile: String { directory + "/accounts" }

    /// Runs `body` with a server that alice owns, and takes everything away again.
    ///
    /// - Parameters:
    ///   - options: what `landfall up` is told besides.
    ///   - prepare: what is done in the server's directory before it starts.
    static func with(
        options: [String] = [], prepare: (LandfallServer) async throws -> Void = { _ in },
        _ body: (LandfallServer) async throws -> Void
    ) async throws {
        await turnstile.enter()
        defer { turnstile.leave() }
        let directory = "/tmp/landfall-test-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let server = LandfallServer(directory: directory, options: options)
        let outcome: Result<Void, any Error>
        do {
            try await prepare(server)
            try await server.start()
            try await server.landfall("login", "alice@example.com")
            outcome = .success(try await body(server))
        } catch {
            let log = try? String(contentsOfFile: server.data + "/agent/agent.log", encoding: .utf8)
            outcome = .failure(TestFailure("\(error)\nThe agent's log:\n\(log ?? "")"))
        }
        await server.remove()
        try outcome.get()
    }

    /// Starts the server, for the first time or again, and waits until it is ready. Port 0 takes a free one.
    func start(port: Int = 0) async throws {
        let accounts = FileManager.default.fileExists(atPath: accountsFile) ? ["--accounts", accountsFile] : []
        let running = try await RunningProgram(
            [Self.landfall, "up", "--data", data, "--listen", "127.0.0.1:\(port)", "--owner", "alice@example.com"]
                + accounts + options,
            environment: ["XDG_STATE_HOME": directory + "/state"])
        process.withLock { $0 = running }
        var said = ""
        while let text = await running.output.some() {
            said += text
            if said.contains("Ready") { return }
        }
        throw TestFailure("the server did not start: \(said)\(await running.errors.text())")
    }

    /// Sends the server a signal and waits until it has ended.
    ///
    /// - Returns: its exit code, or 128 and the number of the signal that ended it.
    @discardableResult
    func end(with signal: Int32) async -> Int32 {
        guard let running = process.withLock({ $0 }) else { return -1 }
        process.withLock { $0 = nil }
        running.send(signal)
        return (try? await running.end()) ?? -1
    }

    private func remove() async {
        // Only a server can send home the agent of one that was killed.
        if process.withLock({ $0 == nil }) { try? await start() }
        await end(with: SIGINT)
        try? await waitUntilGone()
        // A test may have mounted something there.
        umount2(data, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Makes the data directory a small file system in memory, before the server starts.
    func mountSmallDisk() async throws {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let result = try await Program.run(["mount", "-t", "tmpfs", "-o", "size=32m,mode=755", "landfall-test", data])
        guard result.status == 0 else { throw TestFailure("cannot mount: \(result.errors)") }
    }

    /// Waits until no process has to do with the server's directory any more.
    func waitUntilGone() async throws {
        let _: Bool = try await eventually("the agent is gone") { HostProcesses.ids(with: data).isEmpty ? true : nil }
    }

    /// What the running server says of itself.
    func info() throws -> ServerInfo { try ServerInfo.read(from: data + "/server.json") }

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
        ["LANDFALL_DATA": data, "XDG_STATE_HOME": directory + "/state", "CLOUDSDK_CONFIG": directory + "/gcloud"]
    }

    /// Writes a file for a client to read.
    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(directory)/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}
