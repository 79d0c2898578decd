import CSandbox
import Glibc
import SystemPackage

/// This agent's place among the agents of the machine: a number that no other holds at the same time. Names of cgroups,
/// interfaces and rules, ids and addresses all follow from it, so that what a dead agent left can be found by its seat.
struct Seat: Sendable {
    /// Agents of one machine at most.
    static let count: UInt32 = 32
    /// Root sandboxes of one agent at a time.
    static let rangeCount: UInt32 = 128
    /// Ids from here to 2³¹ are nobody's by convention of Debian and systemd.
    private static let firstID: UInt32 = 0x7000_0000
    private static let rangeSize: UInt32 = 65536
    private static let groupPrefix = "landfall-"
    private static let locks = "/run/landfall"

    let number: UInt32
    private let lock: FileDescriptor

    /// Names of the agent's things.
    var group: String { Self.groupPrefix + "\(number)" }
    var table: String { "landfall_\(number)" }
    var interfacePrefix: String { "lf\(number)-" }
    /// The first host id of the first range.
    var firstID: UInt32 { Self.firstID + number * Self.rangeCount * Self.rangeSize }
    /// The addresses of the agent's tasks, a /15 of the shared address space 100.64.0.0/10 (RFC 6598).
    var network: UInt32 { 0x6440_0000 + number << 17 }
    var networkMask: UInt32 { ~((1 << 17) - 1) }
    var networkText: String { "\(network >> 24).\(network >> 16 & 255).\(network >> 8 & 255).\(network & 255)/15" }

    /// First host id of a range.
    func ownerID(ofRange range: UInt32) -> UInt32 { firstID + range * Self.rangeSize }

    /// The number of the seat whose group has this name; nil when no seat's has.
    static func number(inGroup name: String) -> UInt32? {
        guard name.hasPrefix(groupPrefix), let number = UInt32(name.dropFirst(groupPrefix.count)), number < count else {
            return nil
        }
        return number
    }

    /// Takes a free seat whose addresses are not in use on this machine.
    static func take() throws -> Seat {
        try Directory.make(locks)
        for number in 0..<count {
            guard let seat = try claim(number) else { continue }
            if sandbox_network_in_use(seat.network, seat.networkMask), !seat.hasOwnLeftovers {
                seat.leave()
                continue
            }
            return seat
        }
        throw SandboxError("\(count) agents run on this machine already, or 100.64.0.0/10 is in use: free a part of it")
    }

    /// Takes this very seat, or returns nil when an agent that lives holds it.
    static func claim(_ number: UInt32) throws -> Seat? {
        let path = "\(locks)/seat-\(number)"
        let file = try checkedErrno(open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600), "open \(path)")
        var held = stat()
        var named = stat()
        // A file that its last holder removed meanwhile is no lock any more.
        guard flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &held) == 0, stat(path, &named) == 0,
            held.st_ino == named.st_ino
        else {
            close(file)
            return nil
        }
        return Seat(number: number, lock: FileDescriptor(rawValue: file))
    }

    /// Gives the seat up.
    func leave() {
        unlink("\(Self.locks)/seat-\(number)")
        try? lock.close()
    }

    /// Interfaces of the agent that had this seat before.
    var leftoverInterfaces: [String] { Directory.names("/sys/class/net").filter { $0.hasPrefix(interfacePrefix) } }

    private var hasOwnLeftovers: Bool { !leftoverInterfaces.isEmpty }
}
