import Sandbox

/// What of the disk is to stay free for the server and for tasks that take little, and who has to go when it does not.
struct DiskReserve {
    /// What a disk can run out of.
    enum Thing {
        case bytes, files
    }

    /// How the disk is doing.
    enum State: Equatable {
        case ample
        /// The reserve could be reached soon.
        case tight
        /// Less than the reserve is left.
        case short(of: Thing)
    }

    private static let mostBytes: UInt64 = 1 << 30
    private static let mostFiles: UInt64 = 50_000

    let room: DiskRoom

    /// In bytes: a twentieth of the disk, and no more than 1 GiB.
    var bytes: UInt64 { min(room.bytes.total / 20, Self.mostBytes) }
    /// In files: a twentieth, and no more than 50,000.
    var files: UInt64 { min(room.files.total / 20, Self.mostFiles) }

    var state: State {
        if room.bytes.free < bytes { return .short(of: .bytes) }
        if room.files.free < files { return .short(of: .files) }
        return room.bytes.free < 8 * bytes || room.files.free < 8 * files ? .tight : .ample
    }

    /// Which sandbox takes the most of what is short, by its id.
    ///
    /// - Returns: nil when none takes as much as a quarter of the reserve: the disk is full of something else, and the
    ///   end of a task would not help. A sandbox that cannot be counted to the end is never too small.
    func heaviest(_ uses: [String: DiskUse], of thing: Thing) -> String? {
        func amount(_ use: DiskUse) -> UInt64 { thing == .bytes ? use.bytes : use.files }
        let least = (thing == .bytes ? bytes : files) / 4
        return uses.filter { amount($0.value) >= max(least, 1) || !$0.value.isComplete }
            .max { (amount($0.value), $0.key) < (amount($1.value), $1.key) }?.key
    }
}
