import Access
import Dispatcher
import Foundation
import Methods
import SecretManager
import Synchronization
import Workload

/// Secrets in memory, and who read them.
final class FakeSecrets: SecretReading {
    private let state = Mutex((values: [SecretReference: Data](), readers: Set<Principal>()))

    var readers: Set<Principal> { state.withLock { $0.readers } }

    func keep(_ values: [SecretReference: Data]) { state.withLock { $0.values = values } }

    func value(of reference: SecretReference, as principal: Principal) async throws -> Data {
        let value = state.withLock { state in
            state.readers.insert(principal)
            return state.values[reference]
        }
        guard let value else { throw ServiceError.notFound("There is no secret.") }
        return value
    }
}

/// The job whose attempt runs at the moment.
final class LeasedJobs: Sendable {
    private let state = Mutex<LeasedJob?>(nil)

    var job: LeasedJob? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
