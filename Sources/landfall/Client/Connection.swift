import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

extension Installation {
    private static let impatient = client(retries: false)
    private static let patient = client(retries: true)

    private static func client(retries: Bool) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = retries
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Sends a request to the server, and says in one sentence when nobody answers.
    ///
    /// - Parameter isPatient: whether to try for a minute where there is no server.
    func execute(_ request: HTTPClientRequest, isPatient: Bool) async throws -> HTTPClientResponse {
        do {
            return try await (isPatient ? Self.patient : Self.impatient).execute(request, timeout: .seconds(60))
        } catch let error as HTTPClientError {
            throw CommandFailure("The server at \(baseURL) does not answer (\(error.shortDescription)).")
        } catch let error as IOError where error.errnoCode != ECONNREFUSED {
            throw CommandFailure(
                "The server at \(baseURL) does not answer: \(String(cString: strerror(error.errnoCode))).")
        } catch  where error is IOError || error is NIOConnectionError {
            throw CommandFailure("No server answers at \(baseURL). Is 'landfall up' running?")
        }
    }
}
