import Schema
import SwiftProtobuf

/// Makes messages from their descriptors: mostly what the schema allows, wild in so many of a hundred values.
struct FuzzGenerator {
    let schema: FuzzSchema
    /// How often a value is replaced by something that does not belong there, in percent.
    var wildness = 0
    /// How many of the fields are filled, in percent.
    var density = 50
    /// Whether values are such as a careful client sends.
    var isCalm = false

    private static let maximumDepth = 7

    func message(
        _ name: String, _ words: inout FuzzVocabulary, _ source: inout FuzzSource, depth: Int = 0
    ) throws -> FuzzValue {
        if depth > 0, let special = try wellKnown(name, &source) { return special }
        if let examples = FuzzVocabulary.examples[name], source.chance(60) {
            return try Self.example(source.pick(examples))
        }
        let type = schema.message(name)
        var members: [FuzzValue.Member] = []
        var filled: Set<Int32> = []
        for field in type.field where source.chance(density) {
            guard depth < Self.maximumDepth || field.type != .message else { continue }
            let isInOneof = field.hasOneofIndex && !field.proto3Optional
            if isInOneof, !filled.insert(field.oneofIndex).inserted, !source.chance(wildness) { continue }
            members.append(
                .init(
                    name: source.chance(70) ? field.jsonName : field.name, number: Int(field.number),
                    value: try value(of: field, &words, &source, depth)))
        }
        if source.chance(wildness), let member = members.last { members.append(member) }
        if source.chance(wildness) {
            members.append(
                .init(name: words.odd(&source), number: source.pick([100, 999, 20_000]), value: odd(&source)))
        }
        return .message(members)
    }

    private static func example(_ message: any Message) throws -> FuzzValue {
        .scalar(json: try message.jsonString(), wire: .bytes(try message.serializedBytes()))
    }

    private func value(
        of field: FuzzSchema.Field, _ words: inout FuzzVocabulary, _ source: inout FuzzSource, _ depth: Int
    ) throws -> FuzzValue {
        if source.chance(wildness) { return odd(&source) }
        guard field.label == .repeated else { return try single(field, &words, &source, depth) }
        let count = !isCalm && source.chance(3) ? 100 : source.number(0...2)
        let type = schema.message(field.typeReference)
        if type.options.mapEntry, type.field.count == 2 {
            return .map(
                try (0..<count).map { _ in
                    (
                        try single(type.field[0], &words, &source, depth),
                        try single(type.field[1], &words, &source, depth + 1)
                    )
                })
        }
        return .list(try (0..<count).map { _ in try single(field, &words, &source, depth) })
    }

    private func single(
        _ field: FuzzSchema.Field, _ words: inout FuzzVocabulary, _ source: inout FuzzSource, _ depth: Int
    ) throws -> FuzzValue {
        switch field.type {
        case .message, .group: return try message(field.typeReference, &words, &source, depth: depth + 1)
        case .enum:
            let values = schema.enumeration(field.typeReference).value
            guard isCalm || !source.chance(5), !values.isEmpty else {
                let number = source.pick([-1, 7_777, Int64(Int32.max), Int64(Int32.min)])
                return .scalar(json: "\(number)", wire: .varint(UInt64(bitPattern: number)))
            }
            let value = source.pick(values)
            return .scalar(
                json: source.chance(80) ? "\"\(value.name)\"" : "\(value.number)",
                wire: .varint(UInt64(bitPattern: Int64(value.number))))
        case .string: return .text(words.text(for: field.name, &source, calm: isCalm))
        case .bytes:
            return .scalar(json: source.pick(["\"\"", "\"AAEC\"", "\"%\"", "\"_-8\""]), wire: .bytes([0xFF, 0]))
        case .bool:
            let isTrue = source.chance(50)
            return .scalar(json: "\(isTrue)", wire: .varint(isTrue ? 1 : 0))
        case .double:
            let number = source.pick([0, -1, 0.5, 1e308, .infinity, .nan])
            return .scalar(json: number.isFinite ? "\(number)" : "\"NaN\"", wire: .fixed64(number.bitPattern))
        case .float:
            let number: Float = source.pick([0, -1, 0.5, 1e38, .infinity])
            return .scalar(json: number.isFinite ? "\(number)" : "\"Infinity\"", wire: .fixed32(number.bitPattern))
        case .fixed32, .sfixed32: return .scalar(json: "7", wire: .fixed32(UInt32(truncatingIfNeeded: source.next())))
        case .fixed64, .sfixed64: return .scalar(json: "7", wire: .fixed64(source.next()))
        default: return integer(&source)
        }
    }

    private func integer(_ source: inout FuzzSource) -> FuzzValue {
        if isCalm {
            let number = source.number(0...10)
            return .scalar(json: "\(number)", wire: .varint(UInt64(number)))
        }
        let number: Int64 = source.pick([
            0, 1, 2, 3, 10, 100, 1_000, 100_000, -1, Int64(Int32.max), Int64(Int32.max) + 1, Int64(Int32.min), .max,
            .min,
        ])
        return .scalar(
            json: source.chance(50) ? "\(number)" : "\"\(number)\"", wire: .varint(UInt64(bitPattern: number)))
    }

    /// The types that JSON writes in a form of its own.
    private func wellKnown(_ name: String, _ source: inout FuzzSource) throws -> FuzzValue? {
        func seconds(_ json: [String], _ source: inout FuzzSource) -> FuzzValue {
            let seconds = source.pick([0, 1, 60, 3_600, -1, 253_402_300_799, Int64.max, .min])
            let nanos = source.pick([0, 0, 0, 500_000_000, -1, Int64(Int32.max), Int64(Int32.min)])
            let wire = FuzzValue.message([
                .init(name: "seconds", number: 1, value: .scalar(json: "", wire: .varint(UInt64(bitPattern: seconds)))),
                .init(name: "nanos", number: 2, value: .scalar(json: "", wire: .varint(UInt64(bitPattern: nanos)))),
            ]).wire
            return .scalar(json: source.pick(json), wire: .bytes(wire))
        }
        switch name {
        case "google.protobuf.Timestamp":
            return seconds(
                [
                    #""2026-01-01T00:00:00Z""#, #""9999-12-31T23:59:59.999999999Z""#, #""0001-01-01T00:00:00Z""#,
                    #""2026-02-30T00:00:00Z""#, #""2026-01-01T00:00:00+99:99""#, #""now""#, "0",
                ], &source)
        case "google.protobuf.Duration":
            return seconds(
                [
                    #""60s""#, #""1.5s""#, #""-1s""#, #""0s""#, #""315576000000s""#, #""9223372036854775807s""#,
                    #""1h""#,
                    #""s""#, "60",
                ], &source)
        case "google.protobuf.FieldMask":
            let paths = source.pick(["labels", "*", "", "a.b.c", "displayName,labels", ",,", "a..b", "A", "name.x"])
            return .scalar(
                json: FuzzValue.quoted(paths),
                wire: FuzzValue.message([
                    .init(name: "paths", number: 1, value: .text(paths))
                ]).asBytes)
        case "google.protobuf.Any":
            let type = source.pick([
                "type.googleapis.com/google.protobuf.Empty", "type.googleapis.com/no.such.Type", "",
            ])
            return .scalar(
                json: #"{"@type":"\#(type)","value":{}}"#,
                wire: FuzzValue.message([
                    .init(name: "type_url", number: 1, value: .text(type)),
                    .init(name: "value", number: 2, value: .scalar(json: "", wire: .bytes([0xFF]))),
                ]).asBytes)
        case "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue":
            let json = source.pick([#"{"a":1,"b":[null,true,{"c":"d"}]}"#, "{}", #"{"":{"":{}}}"#])
            let bytes: [UInt8] = try Google_Protobuf_Struct(jsonString: json).serializedBytes()
            return .scalar(json: json, wire: .bytes(bytes))
        default: return nil
        }
    }

    /// A value for a place where none of its kind belongs.
    func odd(_ source: inout FuzzSource) -> FuzzValue {
        let depth = source.pick([3, 99, 101, 3_000])
        return .scalar(
            json: source.pick([
                "null", "true", "-1", "1e999", "9223372036854775808", "0.5", "\"\"", "[]", "{}", "[null]", "[[[]]]",
                "{\"a\":{\"a\":1}}", "\"\\ud800\"", "\"\\u0000\"", "01", "nul", "'a'", "[1,", "\"\u{1}\"",
                String(repeating: "[", count: depth) + String(repeating: "]", count: depth),
                String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth),
            ]),
            wire: source.pick([
                .varint(.max), .varint(0), .fixed32(.max), .fixed64(.max), .bytes([]), .bytes([0xFF, 0xFE]),
                .bytes(Self.nested(depth)), .bytes(Array(repeating: 0x0B, count: depth)),
            ]))
    }

    /// A message in a message and so on, each in the field of number 1.
    private static func nested(_ depth: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<min(depth, 500) { bytes = [0x0A] + FuzzValue.varint(UInt64(bytes.count)) + bytes }
        return bytes
    }
}

extension FuzzValue {
    /// A message as the content of a field.
    fileprivate var asBytes: Wire { .bytes(wire) }
}
