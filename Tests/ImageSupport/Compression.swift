/// Streams of bytes in formats of compression, without compressing them.
public enum Compression {
    /// A gzip stream of stored blocks.
    public static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        let parts = split(bytes, 0xFFFF)
        for (index, part) in parts.enumerated() {
            let length = UInt16(part.count)
            stream.append(index == parts.count - 1 ? 1 : 0)
            stream += little(length) + little(~length) + part
        }
        return stream + little(crc32(bytes)) + little(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// A zstd frame of raw blocks.
    public static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        // One segment, whose size takes four bytes.
        var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0b1010_0000] + little(UInt32(bytes.count))
        let parts = split(bytes, 128 << 10)
        for (index, part) in parts.enumerated() {
            frame += little(UInt32(part.count << 3 | (index == parts.count - 1 ? 1 : 0))).prefix(3) + part
        }
        return frame
    }

    private static func split(_ bytes: [UInt8], _ length: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: max(bytes.count, 1), by: length).map { bytes[$0..<min($0 + length, bytes.count)] }
    }

    private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}
