/// Amounts as Kubernetes writes them: `512Mi`, `1`, `500m`.
enum Quantity {
    private static let suffixes: [(String, Int64)] = [
        ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40), ("k", 1000), ("M", 1_000_000),
        ("G", 1_000_000_000), ("T", 1_000_000_000_000),
    ]

    /// An amount of memory in bytes; nil for what is no amount, and for more than 2^60.
    static func bytes(_ text: String) -> Int64? {
        let (digits, factor) =
            suffixes.first { text.hasSuffix($0.0) }.map { (text.dropLast($0.0.count), $0.1) } ?? (text[...], 1)
        guard let number = number(digits), number * Double(factor) < Double(1 << 60 as Int64) else { return nil }
        return Int64((number * Double(factor)).rounded(.up))
    }

    /// A share of processors in thousandths of a core; nil for what is no amount.
    static func cpuMilli(_ text: String) -> Int? {
        let (digits, factor) = text.hasSuffix("m") ? (text.dropLast(), 1.0) : (text[...], 1000.0)
        guard let number = number(digits), number * factor <= 1_000_000 else { return nil }
        return Int((number * factor).rounded())
    }

    private static func number(_ text: Substring) -> Double? {
        guard (1...20).contains(text.utf8.count), text.first != ".",
            text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 })
        else { return nil }
        return Double(text)
    }
}
