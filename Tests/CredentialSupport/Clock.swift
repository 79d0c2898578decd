import Foundation
import Synchronization

/// A clock that tests move.
public final class Clock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))

    /// A clock that stands at a time of 2023.
    public init() {}

    /// The time that it shows.
    public var now: Date { time.withLock { $0 } }

    /// Moves it on.
    public func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }

    /// For `iat` and `exp`.
    public func seconds(_ offset: Int = 0) -> Int { Int(now.timeIntervalSince1970) + offset }
}
