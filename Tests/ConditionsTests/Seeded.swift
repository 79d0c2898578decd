import Glibc

/// Random numbers from a seed, SplitMix64: `LANDFALL_SEED`, or one that differs from run to run. It is printed, so that
/// what failed can be run again.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ purpose: String) {
        let seed = getenv("LANDFALL_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0...999_999)
        print("\(purpose): LANDFALL_SEED=\(seed)")
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
