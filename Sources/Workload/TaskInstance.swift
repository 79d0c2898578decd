/// The machine that an attempt at a task believes itself to have to itself.
public struct TaskInstance: Hashable, Sendable {
    /// What the machine is called: `JOB-group0-INDEX`, at most 63 characters.
    public var name: String
    /// Unique: nineteen digits on a virtual machine, 64 hexadecimal digits on Cloud Run.
    public var id: String

    /// The machine of one attempt.
    public init(jobUID: String, index: Int, attempt: Int, platform: TaskIdentity.Platform) {
        name = Self.name(jobUID: jobUID, index: index)
        let digest = { (part: Int) in Self.digest("\(part)/\(jobUID)/\(index)/\(attempt)") }
        id =
            switch platform {
            case .virtualMachine: String(1_000_000_000_000_000_000 + digest(0) % 8_000_000_000_000_000_000)
            case .serverless: (0..<4).map { Self.hexadecimal(digest($0)) }.joined()
            }
    }

    /// What the machine of a task is called, cut to what Linux allows.
    public static func name(jobUID: String, index: Int) -> String {
        let suffix = "-group0-\(index)"
        return String(jobUID.prefix(63 - suffix.count)) + suffix
    }

    /// 64 bits of FNV-1a.
    private static func digest(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
