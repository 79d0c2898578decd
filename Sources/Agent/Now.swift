import Glibc
import SwiftProtobuf

extension Google_Protobuf_Timestamp {
    /// The time of the machine's clock.
    static func now() -> Self {
        var time = timespec()
        // Cannot fail: the clock exists and the address is valid.
        clock_gettime(CLOCK_REALTIME, &time)
        return Self(seconds: Int64(time.tv_sec), nanos: Int32(time.tv_nsec))
    }
}
