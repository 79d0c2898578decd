import Foundation
import Synchronization

/// Gives entries that come without an `insert_id` one that no other has, in the order in which they come.
final class InsertIDs: Sendable {
    private let last: Mutex<UInt64>

    /// Starts from the present time in nanoseconds, so that ids go on rising after a restart.
    init() {
        last = Mutex(UInt64(max(0, Date().timeIntervalSince1970) * 1e9))
    }

    /// Fourteen letters and digits that sort by age.
    func next() -> String {
        let number = last.withLock { last in
            last += 1
            return last
        }
        let digits = String(number, radix: 36)
        return String(repeating: "0", count: max(0, 14 - digits.count)) + digits
    }
}
