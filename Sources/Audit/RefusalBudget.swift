import Access
import FoundationEssentials
import Synchronization

/// How many refused calls of a principal are logged in a minute.
///
/// Whoever is refused holds nothing here: without a bound they could fill the disk and the logs of strangers' projects.
final class RefusalBudget: Sendable {
    private struct Window {
        var minute = 0
        var spent: [Principal: Int] = [:]
    }

    /// Principals that are counted in a minute; of more, nothing is logged until the next.
    private static let mostPrincipals = 10_000

    private let perMinute: Int
    private let window = Mutex(Window())

    init(perMinute: Int = 100) {
        self.perMinute = perMinute
    }

    /// Takes one of a principal's entries of the minute; false when there is none left.
    func take(_ principal: Principal, at time: Date) -> Bool {
        let minute = Int(time.timeIntervalSince1970 / 60)
        return window.withLock { window in
            if window.minute != minute { window = Window(minute: minute) }
            let spent = window.spent[principal, default: 0]
            guard spent < perMinute, spent > 0 || window.spent.count < Self.mostPrincipals else { return false }
            window.spent[principal] = spent + 1
            return true
        }
    }
}
