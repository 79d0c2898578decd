import Synchronization
import Workload

/// The images of one attempt's containers: fetched when their steps come, kept until the attempt is over.
final class AttemptImages: Sendable {
    private let access: ImageAccess
    private let state = Mutex(State())

    private struct State {
        var images: [Int: any PinnedImage] = [:]
        var fetches: [Int: Task<Void, Never>] = [:]
    }

    init(_ access: ImageAccess) {
        self.access = access
    }

    subscript(position: Int) -> (any PinnedImage)? { state.withLock { $0.images[position] } }

    /// Fetches the image of a step that is a container, and says when it is there, or why it is not.
    func fetch(_ position: Int, for orders: AttemptOrders) {
        let step = access.plan.steps[position]
        guard case .container(let container) = step.executable else { return }
        let fetch = Task {
            do {
                let image = try await access.image(of: container)
                state.withLock { $0.images[position] = image }
                orders.post(.prepared(step: position))
            } catch is CancellationError {
                orders.post(.ended(step: position, code: StopSignal.terminate.exitCode))
            } catch {
                orders.post(.notStarted(step: position, why: "\(step.title(at: position)) has no image: \(error)"))
            }
        }
        state.withLock { $0.fetches[position] = fetch }
    }

    /// Gives up a fetch that is under way.
    func cancel(_ position: Int) { state.withLock { $0.fetches[position] }?.cancel() }

    /// Lets all images go, once no container of the attempt runs any more.
    func release() async {
        let fetches = state.withLock { Array($0.fetches.values) }
        for fetch in fetches {
            fetch.cancel()
            await fetch.value
        }
        for image in state.withLock({ Array($0.images.values) }) { image.release() }
    }
}
