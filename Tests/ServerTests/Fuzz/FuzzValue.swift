import SwiftProtobuf

/// A value that can be written as JSON and as protobuf, whether the schema allows it or not.
indirect enum FuzzValue {
    case message([Member])
    case list([FuzzValue])
    case map([(key: FuzzValue, value: FuzzValue)])
    /// Anything that is one token of the wire; its two forms need not mean the same.
    case scalar(json: String, wire: Wire)

    struct Member {
        var name: String
        var number: Int
        var value: FuzzValue
    }

    enum Wire {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes([UInt8])
    }

    static func text(_ text: String) -> FuzzValue { .scalar(json: quoted(text), wire: .bytes(Array(text.utf8))) }

    var json: String {
        switch self {
        case .message(let members):
            "{" + members.map { "\(Self.quoted($0.name)):\($0.value.json)" }.joined(separator: ",") + "}"
        case .list(let values): "[" + values.map(\.json).joined(separator: ",") + "]"
        case .map(let entries):
            "{" + entries.map { "\(Self.key($0.key.json)):\($0.value.json)" }.joined(separator: ",") + "}"
        case .scalar(let json, _): json
        }
    }

    /// The fields of a message as protobuf.
    var wire: [UInt8] {
        guard case .message(let members) = self else { return payload }
        return members.flatMap { Self.field($0.number, $0.value) }
    }

    private static func field(_ number: Int, _ value: FuzzValue) -> [UInt8] {
        switch value {
        case .list(let values): return values.flatMap { field(number, $0) }
        case .map(let entries):
            return entries.flatMap { delimited(number, field(1, $0.key) + field(2, $0.value)) }
        case .message: return delimited(number, value.wire)
        case .scalar(_, .varint(let value)): return tag(number, 0) + varint(value)
        case .scalar(_, .fixed64(let value)): return tag(number, 1) + littleEndian(value)
        case .scalar(_, .bytes(let bytes)): return delimited(number, bytes)
        case .scalar(_, .fixed32(let value)): return tag(number, 5) + littleEndian(value)
        }
    }

    private var payload: [UInt8] { if case .scalar(_, .bytes(let bytes)) = self { bytes } else { [] } }

    private static func tag(_ number: Int, _ type: UInt64) -> [UInt8] { varint(UInt64(number) << 3 | type) }

    private static func delimited(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
        tag(number, 2) + varint(UInt64(bytes.count)) + bytes
    }

    static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// Names of an object are strings, also where a map's keys are numbers.
    private static func key(_ json: String) -> String { json.hasPrefix("\"") ? json : quoted(json) }

    static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
