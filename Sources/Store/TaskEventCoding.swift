import FoundationEssentials
import GRDB
import Workload

/// Events of a task as bytes: they are written thousands of times a second, where JSON would cost more than SQLite.
///
/// A version byte, then for each event: time (seconds since 2001, an IEEE double), the states before and after, flags
/// that say which of the rest follow, the exit code, and node and detail as length and UTF-8. Integers are
/// little-endian.
enum TaskEventCoding {
    private static let version: UInt8 = 1
    /// Longer texts are cut.
    private static let longestText = 4096

    private enum Flag {
        static let node: UInt8 = 1
        static let exitCode: UInt8 = 2
        static let detail: UInt8 = 4
    }

    static func encode(_ events: [TaskEvent]) -> Data {
        var data = Data(capacity: 1 + events.count * 32)
        data.append(version)
        for event in events {
            append(event.time.timeIntervalSinceReferenceDate.bitPattern, to: &data)
            data.append(UInt8(event.from.code))
            data.append(UInt8(event.to.code))
            data.append(
                (event.node == nil ? 0 : Flag.node) | (event.exitCode == nil ? 0 : Flag.exitCode)
                    | (event.detail == nil ? 0 : Flag.detail))
            if let exitCode = event.exitCode { append(UInt32(bitPattern: exitCode), to: &data) }
            if let node = event.node { append(node, to: &data) }
            if let detail = event.detail { append(detail, to: &data) }
        }
        return data
    }

    static func decode(_ data: Data) throws -> [TaskEvent] {
        var reader = Reader(rest: data[...])
        guard try reader.byte() == version else { throw Reader.malformed }
        var events: [TaskEvent] = []
        while !reader.rest.isEmpty {
            let time = Date(timeIntervalSinceReferenceDate: Double(bitPattern: try reader.integer()))
            let from = try TaskState(code: Int(try reader.byte()))
            let to = try TaskState(code: Int(try reader.byte()))
            let flags = try reader.byte()
            let exitCode: UInt32? = flags & Flag.exitCode == 0 ? nil : try reader.integer()
            let node = flags & Flag.node == 0 ? nil : try reader.text()
            let detail = flags & Flag.detail == 0 ? nil : try reader.text()
            events.append(
                TaskEvent(
                    time: time, from: from, to: to, node: node, exitCode: exitCode.map(Int32.init(bitPattern:)),
                    detail: detail))
        }
        return events
    }

    private static func append(_ value: some FixedWidthInteger, to data: inout Data) {
        withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }

    private static func append(_ text: String, to data: inout Data) {
        let bytes = text.utf8.prefix(longestText)
        append(UInt16(bytes.count), to: &data)
        data.append(contentsOf: bytes)
    }

    private struct Reader {
        static let malformed = DatabaseError(message: "the events of a task are malformed")
        var rest: Data

        mutating func byte() throws -> UInt8 {
            guard let byte = rest.popFirst() else { throw Self.malformed }
            return byte
        }

        mutating func integer<Value: FixedWidthInteger>() throws -> Value {
            let size = MemoryLayout<Value>.size
            guard rest.count >= size else { throw Self.malformed }
            var value: Value = 0
            for byte in rest.prefix(size).reversed() { value = value << 8 | Value(byte) }
            rest.removeFirst(size)
            return value
        }

        mutating func text() throws -> String {
            let size = Int(try integer() as UInt16)
            guard rest.count >= size else { throw Self.malformed }
            defer { rest.removeFirst(size) }
            return String(decoding: rest.prefix(size), as: UTF8.self)
        }
    }
}
