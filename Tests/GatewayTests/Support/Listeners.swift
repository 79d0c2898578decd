import Access
import Gateway
import Logging
import Methods
import Synchronization

/// Keeps what the gateway tells of calls, and gives every refusal the id `proof-1`.
final class Listeners: CallObserver, DenialRecorder {
    private let state = Mutex((calls: [EndedCall](), refusals: [AccessCheck]()))

    var calls: [EndedCall] { state.withLock(\.calls) }
    var refusals: [AccessCheck] { state.withLock(\.refusals) }

    func callEnded(_ call: EndedCall) async {
        state.withLock { $0.calls.append(call) }
    }

    func record(_ refusal: AccessCheck, of call: EndedCall) async -> DenialReference? {
        state.withLock { $0.refusals.append(refusal) }
        return DenialReference(id: "proof-1", url: "https://access.landfall.test/v1/denials/proof-1")
    }

    /// An invoker that tells them of its calls.
    func invoker(_ gatekeeper: FakeGatekeeper = FakeGatekeeper()) -> Invoker {
        Invoker(
            gatekeeper: gatekeeper, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, observer: self,
            denials: self)
    }
}
