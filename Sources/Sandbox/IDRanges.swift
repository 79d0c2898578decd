import Synchronization

/// Which ranges of host ids are free for root sandboxes.
final class IDRanges: Sendable {
    private let seat: Seat
    private let free: Mutex<[UInt32]>

    init(seat: Seat) {
        self.seat = seat
        // The lowest is taken first, and the last one used is used again: its namespaces are prepared already.
        free = Mutex((0..<Seat.rangeCount).reversed())
    }

    /// Takes a range.
    ///
    /// - Returns: Its index, and the host id of its root.
    func take() throws -> (index: UInt32, owner: UInt32) {
        guard let index = free.withLock({ $0.popLast() }) else {
            throw SandboxError(
                "\(Seat.rangeCount) root sandboxes are open, as many as an agent has ids for", mayPass: true)
        }
        return (index, seat.ownerID(ofRange: index))
    }

    func giveBack(_ index: UInt32) { free.withLock { $0.append(index) } }
}
