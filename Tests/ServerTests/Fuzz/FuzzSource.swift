import Foundation

/// Random numbers that a seed repeats (SplitMix64), and the choices made of them.
struct FuzzSource: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True in so many of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// One of what there is, which must be something.
    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[number(0...(choices.count - 1))] }
}

/// How long the fuzz goes on, and from where.
enum FuzzSettings {
    private static let environment = ProcessInfo.processInfo.environment

    /// Of another value each time, unless `LANDFALL_FUZZ_SEED` repeats one.
    static let seed = environment["LANDFALL_FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000_000)

    /// How many requests are made in memory, at least two for each method; `LANDFALL_FUZZ_REQUESTS` sets it. The whole of it is 100,000.
    static let requests = environment["LANDFALL_FUZZ_REQUESTS"].flatMap { Int($0) } ?? 3_000

    /// How many of them a server sees before the next one starts afresh, so that each can be repeated alone.
    static let requestsOfRound = 1_000
}
