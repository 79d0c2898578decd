import Logbook
import Methods
import Testing

@testable import LoggingAPI

/// Runs `body` with the Logging API over a logbook of its own.
func withAPI(_ body: (API, Logbook) async throws -> Void) async throws {
    try await withDirectory { path in
        let logbook = try Logbook(path: path)
        try await body(LoggingService.api(logbook: logbook), logbook)
    }
}

/// The refusal that `body` must end with.
func refusal(_ body: () async throws -> Void) async -> ServiceError? {
    await #expect(throws: ServiceError.self) { try await body() }
}
