import FoundationEssentials

/// CRC-32C (RFC 3720, B.4), by which clients make sure that a value arrived as it was sent.
enum Checksum {
    /// By byte, for the polynomial of Castagnoli with its bits reversed.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    /// The checksum of some bytes.
    static func crc32c(of bytes: Data) -> UInt32 {
        ~bytes.reduce(~0) { value, byte in value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
    }
}
