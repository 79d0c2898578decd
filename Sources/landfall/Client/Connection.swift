import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

extension Installation {
    private static let impatient = client(retries: false)
    private static let patient = client(retries: true)

    private static func client(retries: Bool) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = retries
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// The longest answer that is read, in bytes.
    private static let largestAnswer = 64 << 20
    /// How often a patient caller sends a request whose answer is lost with its server.
    private static let chances = 3

    /// Sends a request to the server and reads the answer, and says in one sentence when nobody answers.
    ///
    /// - Parameter isPatient: whether to try for a minute where there is no server, and to ask again when the server
    ///   goes away before it has answered; for requests that change nothing.
    func exchange(
        _ request: HTTPClientRequest, isPatient: Bool = false
    ) async throws -> (status: HTTPResponseStatus, headers: HTTPHeaders, body: Data) {
        var chances = isPatient ? Self.chances : 1
        while true {
            chances -= 1
            do {
                let client = isPatient ? Self.patient : Self.impatient
                let response = try await client.execute(request, timeout: .seconds(60))
                let body = try await response.body.collect(upTo: Self.largestAnswer)
                return (response.status, response.headers, Data(body.readableBytesView))
            } catch {
                guard chances > 0, Self.isLoss(error) else { throw failure(error) }
            }
        }
    }

    /// Whether the connection was lost after it had been made.
    private static func isLoss(_ error: any Error) -> Bool {
        if let error = error as? HTTPClientError { return error == .remoteConnectionClosed }
        return error is IOError || error is ChannelError
    }

    private func failure(_ error: any Error) -> any Error {
        switch error {
        case let error as HTTPClientError:
            CommandFailure("The server at \(baseURL) does not answer (\(error.shortDescription)).")
        case let error as IOError where error.errnoCode != ECONNREFUSED:
            CommandFailure("The server at \(baseURL) does not answer: \(String(cString: strerror(error.errnoCode))).")
        case is IOError, is NIOConnectionError:
            CommandFailure("No server answers at \(baseURL). Is 'landfall up' running?")
        default: error
        }
    }
}
