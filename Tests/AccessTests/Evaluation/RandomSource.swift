/// Random numbers that come again for the same seed.
struct RandomSource: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &self)]
    }

    /// True once in `n` times.
    mutating func once(in n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }

    mutating func some<Element>(of elements: [Element], atMost limit: Int) -> [Element] {
        (0..<Int.random(in: 1...limit, using: &self)).map { _ in pick(elements) }
    }
}
