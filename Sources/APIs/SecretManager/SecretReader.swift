import Access
import Directory
import FoundationEssentials
import Methods
import Secrets
import Workload

/// Reads secrets for tasks.
public protocol SecretReading: Sendable {
    /// The value of a version of a secret.
    ///
    /// - Parameter principal: whom the task acts as; it must hold `secretmanager.versions.access`.
    /// - Throws: `ServiceError`: `PERMISSION_DENIED` in words for the job's owner, `NOT_FOUND`, `FAILED_PRECONDITION`.
    func value(of reference: SecretReference, as principal: Principal) async throws -> Data
}

/// Reads secrets for tasks, from the store that the API has: checked and audited as the API's calls are.
public struct SecretReader: SecretReading {
    private let secrets: StoredSecrets
    private let gatekeeper: any Gatekeeper
    private let observer: (any CallObserver)?

    /// - Parameters:
    ///   - secrets: where they are.
    ///   - gatekeeper: knows the policies.
    ///   - observer: hears of every read.
    public init(secrets: StoredSecrets, gatekeeper: any Gatekeeper, observer: (any CallObserver)? = nil) {
        self.secrets = secrets
        self.gatekeeper = gatekeeper
        self.observer = observer
    }

    /// The value of a version of a secret, when the policies let a principal read it.
    public func value(of reference: SecretReference, as principal: Principal) async throws -> Data {
        let record = CallRecord()
        let now = Date()
        let caller = Caller(principal: principal, expiresAt: now)
        record.caller = caller
        func ended(_ error: ServiceError?) -> EndedCall {
            EndedCall(
                service: SecretManagerAPI.service, method: "\(SecretManagerAPI.name).AccessSecretVersion",
                caller: caller, time: now, checks: record.checks, error: error)
        }
        do {
            let value = try await read(reference, as: principal, at: now, record)
            await observer?.callEnded(ended(nil))
            return value
        } catch let error as ServiceError {
            await observer?.callEnded(ended(error))
            throw error
        }
    }

    private func read(
        _ reference: SecretReference, as principal: Principal, at now: Date, _ record: CallRecord
    ) async throws -> Data {
        let name = try SecretName(reference.path, hasVersion: true, field: "name")
        try await gatekeeper.admit(
            principal, "secretmanager.versions.access", on: name.resource, service: SecretManagerAPI.service,
            in: RequestContext(time: now), record: record
        ) { denial in
            .permissionDenied(denial, message: Self.refusal(of: reference, to: principal))
        }
        let secret = try secrets.secret(name, at: now)
        return try await secrets.value(reference.version, of: secret).1
    }

    /// Nearly the words that Cloud Run has for it where a job is made. Batch's tasks read secrets too: they are no
    /// revisions.
    private static func refusal(of reference: SecretReference, to principal: Principal) -> String {
        "Permission denied on secret: \(reference.path) for service account \(principal.name). The service "
            + "account used must be granted the 'Secret Manager Secret Accessor' role "
            + "(roles/secretmanager.secretAccessor) at the secret, project or higher level."
    }
}
