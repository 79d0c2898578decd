import Foundation
import TestSupport
import Testing

/// A client that means no good, and whether the server has borne it.
struct Stranger {
    static let jobs = "/v1/projects/demo/locations/us-central1/jobs"
    static let good = #"{"taskGroups":[{"taskSpec":{"runnables":[{"script":{"text":"true"}}]}}]}"#

    let server: LandfallServer
    let token: String
    let http: RawHTTP

    init(server: LandfallServer, token: String) throws {
        self.server = server
        self.token = token
        http = RawHTTP(port: try server.info().port)
    }

    /// Runs `body` as a stranger who has alice's token, and checks that nothing was changed by it: no job is there,
    /// the server still answers and has not grown beyond bounds.
    static func with(_ body: (Stranger) async throws -> Void) async throws {
        try await LandfallServer.with { server in
            let stranger = try Stranger(server: server, token: try await server.token())
            try await body(stranger)
            let list = try await stranger.get(jobs)
            #expect(list.status == 200)
            #expect(list.body == "{}\n", "nothing was to be created")
            #expect(try server.residentMiB() < 600)
        }
    }

    func get(_ path: String, host: String = "batch.googleapis.com", headers: [String] = []) async throws
        -> RawHTTP.Answer
    {
        try await send("GET", path, host: host, headers: headers)
    }

    func post(
        _ path: String = jobs, _ body: some StringProtocol, host: String = "batch.googleapis.com",
        headers: [String] = []
    ) async throws -> RawHTTP.Answer {
        try await send("POST", path, host: host, headers: headers, body: Data(body.utf8))
    }

    /// - Parameter authorization: nil for the stranger's token.
    func send(
        _ verb: String, _ path: String, host: String = "batch.googleapis.com", authorization: String? = nil,
        headers: [String] = [], body: Data? = nil
    ) async throws -> RawHTTP.Answer {
        var lines = ["\(verb) \(path) HTTP/1.1", "Host: \(host)", "Connection: close"]
        let authorization = authorization ?? "Bearer \(token)"
        if !authorization.isEmpty { lines.append("Authorization: \(authorization)") }
        if let body { lines += ["Content-Type: application/json", "Content-Length: \(body.count)"] }
        let head = (lines + headers).joined(separator: "\r\n") + "\r\n\r\n"
        return try await http.exchange(Data(head.utf8) + (body ?? Data()))
    }
}

extension LandfallServer {
    /// The access token of an account that has logged in; of the latest one by default.
    func token(of account: String? = nil) async throws -> String {
        let who = account.map { ["--account", $0] } ?? []
        let result = try await run([Self.landfall, "env"] + who)
        guard let file = result.output.firstMatch(of: /CLOUDSDK_AUTH_ACCESS_TOKEN_FILE='([^']+)'/)?.output.1 else {
            throw TestFailure("landfall env names no token: \(result.output)\(result.errors)")
        }
        return try String(contentsOfFile: String(file), encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The server's resident memory.
    func residentMiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(try info().processID)/status", encoding: .utf8)
        guard let size = status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap({ Int($0.output.1) }) else {
            throw TestFailure("the server is gone")
        }
        return size / 1024
    }
}
