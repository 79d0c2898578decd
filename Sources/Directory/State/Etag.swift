import FoundationEssentials

/// What tells one state of something from all others that it ever had.
public enum Etag {
    /// Eight random bytes.
    public static func random() -> Data { withUnsafeBytes(of: UInt64.random(in: 1...UInt64.max)) { Data($0) } }
}
