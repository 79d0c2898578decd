import Foundation
import Metadata
import NIOCore
import NIOPosix
import TestSupport
import Testing
import Workload

@testable import Metadata

@Suite("A task's metadata server", .timeLimit(.minutes(10)))
struct MetadataServerTests {
    private static let token = "/computeMetadata/v1/instance/service-accounts/default/token"
    private let source = FakeCredentials()

    private func attempt(_ platform: TaskIdentity.Platform = .virtualMachine) -> ServedAttempt {
        ServedAttempt(instance: .test(platform), credentials: source, routes: ProxyRoutes { nil })
    }

    /// Runs `body` with a server that serves an attempt.
    private func with(
        _ platform: TaskIdentity.Platform = .virtualMachine, _ body: (RawHTTP, TaskListener) async throws -> Void
    ) async throws {
        let socket = try LoopbackSocket()
        let listener = TaskListener.metadata(at: socket.descriptor)
        try await listener.serve(attempt(platform))
        do {
            try await body(RawHTTP(port: socket.port), listener)
        } catch {
            await listener.stopServing()
            listener.stop()
            throw error
        }
        await listener.stopServing()
        listener.stop()
    }

    private func get(
        _ path: String, _ headers: [String] = ["Metadata-Flavor: Google"], method: String = "GET"
    ) -> Data {
        let fields = (["Host: metadata.google.internal", "Connection: close"] + headers).map { "\($0)\r\n" }.joined()
        return Data("\(method) \(path) HTTP/1.1\r\n\(fields)\r\n".utf8)
    }

    @Test("answers with Google's headers", arguments: [TaskIdentity.Platform.virtualMachine, .serverless])
    func headers(platform: TaskIdentity.Platform) async throws {
        try await with(platform) { (http, _) async throws in
            let answer = try await http.exchange(get("/computeMetadata/v1/project/project-id"))
            #expect(answer.status == 200)
            #expect(answer.body == "demo")
            let header = answer.header
            #expect(header.contains("Metadata-Flavor: Google"))
            #expect(header.contains("Content-Type: application/text"))
            #expect(header.contains("ETag: "))
            #expect(
                header.contains(platform == .serverless ? "Metadata Server for Serverless" : "Metadata Server for VM"))
            let head = try await http.exchange(get("/computeMetadata/v1/project/project-id", method: "HEAD"))
            #expect(head.body == "")
            #expect(head.header.contains("Content-Length: 4"))
        }
    }

    @Test("gives out tokens in the form that clients read")
    func tokens() async throws {
        try await with { (http, _) async throws in
            let answer = try await http.exchange(get("\(Self.token)?scopes=a,b"))
            #expect(answer.header.contains("Content-Type: application/json"))
            let body = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
            #expect(body?["access_token"] as? String == "access:a,b#1")
            #expect(body?["token_type"] as? String == "Bearer")
            #expect((3590...3600).contains(body?["expires_in"] as? Int ?? 0))
            let identity = try await http.exchange(
                get("/computeMetadata/v1/instance/service-accounts/default/identity?audience=x"))
            #expect(identity.body == "identity:x#2")
        }
    }

    @Test(
        "refuses what does not mean it, whatever else it says",
        arguments: [
            ([], 403), (["Metadata-Flavor: google"], 403),
            (["Metadata-Flavor: Google", "Metadata-Flavor: Google"], 403),
            (["X-Metadata-Flavor: Google"], 403), (["Metadata-Flavor: Google", "X-Forwarded-For: 10.0.0.1"], 403),
            (["Metadata-Flavor: Google", "x-forwarded-for:"], 403),
            (["Referer: http://metadata.google.internal/?Metadata-Flavor=Google"], 403),
            (["Metadata-Flavor: Google", "Content-Length: 3"], 400),
            (["Metadata-Flavor: Google", "Content-Length: x"], 400),
        ] as [([String], Int)])
    func refusals(headers: [String], status: Int) async throws {
        try await with { (http, _) async throws in
            let answer = try await http.exchange(get(Self.token, headers), end: true)
            #expect(answer.status == status)
            #expect(source.asked.isEmpty)
        }
    }

    @Test("takes no bodies")
    func bodies() async throws {
        try await with { (http, _) async throws in
            var request = get(Self.token, ["Metadata-Flavor: Google", "Content-Length: 3"])
            request.append(contentsOf: "abc".utf8)
            #expect(try await http.exchange(request).status == 400)
            var chunked = get(Self.token, ["Metadata-Flavor: Google", "Transfer-Encoding: chunked"])
            chunked.append(contentsOf: "3\r\nabc\r\n0\r\n\r\n".utf8)
            #expect(try await http.exchange(chunked).status == 400)
            #expect(source.asked.isEmpty)
        }
    }

    @Test("is the same under every name, and repeats none")
    func forgedHost() async throws {
        try await with { (http, _) async throws in
            let request =
                "GET /computeMetadata/v1/instance HTTP/1.1\r\nHost: evil.example\r\n"
                + "Metadata-Flavor: Google\r\nConnection: close\r\n\r\n"
            let answer = try await http.exchange(Data(request.utf8))
            #expect(answer.status == 301)
            #expect(answer.header.contains("Location: http://metadata.google.internal/computeMetadata/v1/instance/"))
            #expect(!answer.header.contains("evil"))
        }
    }

    @Test("reads headers of a bounded size", arguments: ["flood", "field", "target"])
    func headerFlood(kind: String) async throws {
        try await with { (http, _) async throws in
            let request =
                switch kind {
                case "flood": get("/", (0..<100_000).map { "X-\($0): x" })
                case "field": get("/", ["X-Long: \(String(repeating: "x", count: 4 << 20))"])
                default: get("/" + String(repeating: "x", count: 4 << 20))
                }
            let answer = try await http.exchange(request)
            #expect([0, 400, 431].contains(answer.status))
        }
    }

    @Test("reads no further requests of a client that does not take the answers to the earlier ones")
    func answersNotTaken() async throws {
        try await with { (http, _) async throws in
            let request = "GET /computeMetadata/v1/project/project-id HTTP/1.1\r\nMetadata-Flavor: Google\r\n\r\n"
            let requests = Data(String(repeating: request, count: 400_000).utf8)
            // What the system keeps of both directions is some megabytes.
            #expect(try await http.taken(of: requests, patience: 3) < 16 << 20)
        }
    }

    @Test("closes what is no HTTP")
    func garbage() async throws {
        try await with { (http, _) async throws in
            _ = try await http.exchange(Data("\u{16}\u{3}\u{1}\0\0\r\n\r\n".utf8), patience: 60)
            #expect(try await http.exchange(get("/")).status == 200)
        }
    }

    @Test("tells why there is no token")
    func failures() async throws {
        let failures: [(CredentialFailure, Int)] = [
            (.refused("The service account is disabled."), 403), (.gone("It is no more."), 404), (.unavailable, 503),
        ]
        for (failure, status) in failures {
            source.fail(failure)
            try await with { (http, _) async throws in
                let answer = try await http.exchange(get(Self.token))
                #expect(answer.status == status)
                if case .refused(let reason) = failure { #expect(answer.body.contains(reason)) }
                #expect(answer.header.contains("Retry-After") == (status == 503))
            }
        }
    }

    @Test("waits as long as it is told")
    func waiting() async throws {
        try await with { (http, _) async throws in
            let start = ContinuousClock.now
            let path = "/computeMetadata/v1/instance/maintenance-event?wait_for_change=true&timeout_sec=1"
            #expect(try await http.exchange(get(path)).body == "NONE")
            #expect(ContinuousClock.now - start >= .seconds(1))
        }
    }

    @Test("ends with its attempt: waiting requests, idle connections and all, and serves the next as itself")
    func attempts() async throws {
        let socket = try LoopbackSocket()
        let listener = TaskListener.metadata(at: socket.descriptor)
        let http = RawHTTP(port: socket.port)
        let one = attempt()
        try await listener.serve(one)
        #expect(try await http.exchange(get(Self.token)).status == 200)
        async let waiting = http.exchange(
            get("/computeMetadata/v1/instance/maintenance-event?wait_for_change=true"), patience: 250)
        async let idle = http.exchange(Data("GET / HT".utf8), patience: 250)
        try await connections(2, at: socket.port)
        await listener.stopServing()
        #expect(try await waiting.status == 0)
        #expect(try await idle.status == 0)
        #expect(try await http.exchange(get("/")).status == 0)
        await #expect(throws: CredentialFailure.gone("The attempt has ended.")) {
            try await one.tokens.token(.access(scopes: []))
        }
        try await listener.serve(attempt(.serverless))
        #expect(try await http.exchange(get("/computeMetadata/v1/instance/id")).body == "00ff")
        await listener.stopServing()
        listener.stop()
    }

    @Test("holds a bounded number of connections")
    func crowd() async throws {
        try await with { (http, _) async throws in
            async let crowd = withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 { group.addTask { try await http.exchange(Data("GET".utf8), patience: 3).status } }
                return try await group.reduce(0) { $0 + $1 }
            }
            #expect(try await crowd == 0)
            #expect(try await http.exchange(get("/")).status == 200)
        }
    }

    /// Waits until so many connections to a port are established.
    private func connections(_ count: Int, at port: Int) async throws {
        for _ in 0..<6000 {
            let line = try await Program.run(["ss", "-Htn", "state", "established", "( sport = :\(port) )"]).output
            if line.split(separator: "\n").count >= count { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestFailure("no \(count) connections came")
    }
}
