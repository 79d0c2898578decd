import AsyncHTTPClient
import Federation
import NIOCore

/// Fetches what issuers outside publish, over a connection that is closed afterwards: it is rarely needed.
struct IssuerClient: IssuerDocuments {
    /// How long it may take to connect.
    var connect: TimeAmount = .seconds(5)
    /// How long all of it may take.
    var patience: Duration = .seconds(10)

    func document(at url: IssuerURL) async throws -> [UInt8] {
        var configuration = HTTPClient.Configuration()
        // A redirect could lead to where no issuer may.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = connect
        configuration.decompression = .disabled
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let outcome: Result<[UInt8], any Error>
        do {
            outcome = .success(try await withPatience { try await Self.get(url, client) })
        } catch {
            outcome = .failure(error)
        }
        try await client.shutdown()
        return try outcome.get()
    }

    private static func get(_ url: IssuerURL, _ client: HTTPClient) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: url.text)
        request.headers.add(name: "accept", value: "application/json")
        let response = try await client.execute(request, timeout: .minutes(1))
        guard response.status == .ok else { throw IssuerFailure(status: response.status.code) }
        return Array(try await response.body.collect(upTo: KeySet.longestDocument).readableBytesView)
    }

    /// Gives up when time is up, wherever it is by then.
    private func withPatience<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: patience)
                throw IssuerFailure(status: nil)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}

/// Why an issuer's document could not be fetched.
struct IssuerFailure: Error {
    /// What the issuer answered; nil when it took too long.
    let status: UInt?
}
