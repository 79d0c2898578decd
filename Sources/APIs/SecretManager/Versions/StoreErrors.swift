import Directory
import FoundationEssentials
import Methods
import Secrets

extension StoredSecrets {
    /// Does something with a version, and says in the words of the API why it cannot be done.
    ///
    /// - Parameter version: as the request names it.
    func translating<Result: Sendable>(
        _ record: SecretRecord, _ version: String, _ work: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await work()
        } catch let error as SecretStoreError {
            throw ServiceError(error, "\(name(of: record))/versions/\(version.prefix(100))")
        }
    }

    /// The number of a version that a request names by number, by alias or as the latest.
    ///
    /// - Throws: `NOT_FOUND`
    func version(_ text: String, of record: SecretRecord) async throws -> SecretVersion {
        try await translating(record, text) {
            if text == "latest" { return try await store.version(nil, of: record.uid) }
            guard let number = record.aliases[text] ?? SecretName.number(text) else { throw SecretStoreError.noVersion }
            return try await store.version(number, of: record.uid)
        }
    }

    /// The value of a version that a request names.
    ///
    /// - Throws: `NOT_FOUND`, `FAILED_PRECONDITION`
    func value(_ text: String, of record: SecretRecord) async throws -> (SecretVersion, Data) {
        let version = try await version(text, of: record)
        let value = try await translating(record, "\(version.number)") {
            try await store.value(of: version.number, of: record.uid)
        }
        return (version, value)
    }
}

extension ServiceError {
    fileprivate init(_ error: SecretStoreError, _ name: String) {
        switch error {
        case .noVersion: self = .notFound("Secret Version [\(name)] not found.")
        case .changed:
            self = .failedPrecondition("The etag provided does not match the current etag of Secret Version [\(name)].")
        case .unusable(let state):
            self = .failedPrecondition("Secret Version [\(name)] is in \(state.rawValue.uppercased()) state.")
        case .tooManyVersions(let most):
            self = ServiceError(.resourceExhausted, "A secret has at most \(most) versions.")
        case .wrongKey:
            self = ServiceError(
                .dataLoss,
                "Secret Version [\(name)] cannot be opened: the server's key is not the one it was sealed with.")
        case .noSpace:
            self = ServiceError(.resourceExhausted, "The server's disk is full: nothing was changed.")
        }
    }
}
