import SwiftProtobuf

/// Which JSON values a field takes.
///
/// Common values are recognised here; the rest is left to swift-protobuf, so that what passes is what it can decode.
enum ValueRule {
    /// Whether a scalar may stand for a number, string, boolean or bytes.
    ///
    /// - Parameter json: The scalar as written.
    static func accepts(
        _ json: ArraySlice<UInt8>, _ kind: JSONScanner.Kind, as type: Google_Protobuf_FieldDescriptorProto.TypeEnum
    ) -> Bool {
        switch type {
        case .string: kind == .string
        case .bool: kind == .boolean
        case .bytes: kind == .string && decodes(json, as: Google_Protobuf_BytesValue.self)
        case .int32, .sint32, .sfixed32:
            isNumeric(kind) && (isSmall(json) || decodes(json, as: Google_Protobuf_Int32Value.self))
        case .uint32, .fixed32:
            isNumeric(kind) && (isSmall(json) || decodes(json, as: Google_Protobuf_UInt32Value.self))
        case .int64, .sint64, .sfixed64:
            isNumeric(kind) && (isSmall(json) || decodes(json, as: Google_Protobuf_Int64Value.self))
        case .uint64, .fixed64:
            isNumeric(kind) && (isSmall(json) || decodes(json, as: Google_Protobuf_UInt64Value.self))
        case .float: isNumeric(kind) && decodes(json, as: Google_Protobuf_FloatValue.self)
        case .double: isNumeric(kind) && decodes(json, as: Google_Protobuf_DoubleValue.self)
        case .enum, .group, .message: false
        }
    }

    /// Whether a scalar names a value of an enum, or numbers one: numbers that have no name yet are kept.
    static func accepts(_ json: ArraySlice<UInt8>, _ kind: JSONScanner.Kind, text: String, as type: EnumShape) -> Bool {
        switch kind {
        case .string: type.names.contains(text)
        case .number: isSmall(json) || decodes(json, as: Google_Protobuf_Int32Value.self)
        default: false
        }
    }

    /// What is wrong with a scalar that stands for a message; nil when nothing is.
    static func fault(
        of json: ArraySlice<UInt8>, _ kind: JSONScanner.Kind, text: String, as form: MessageShape.Form,
        field: String
    ) -> String? {
        switch form {
        case .duration where kind == .string:
            if decodes(json, as: Google_Protobuf_Duration.self) { return nil }
            return "Field '\(field)', Illegal duration format; duration must be a number of seconds that ends with "
                + "'s': \(text)"
        case .timestamp where kind == .string:
            if decodes(json, as: Google_Protobuf_Timestamp.self) { return nil }
            return "Field '\(field)', Invalid time format: \(text)"
        case .fieldMask where kind == .string:
            if decodes(json, as: Google_Protobuf_FieldMask.self) { return nil }
            return "Field '\(field)', Invalid field mask, paths are in camelCase: \(text)"
        case .value:
            return isFinite(json, kind) ? nil : "The number is out of range: \(text)"
        default:
            return String(decoding: json, as: UTF8.self)
        }
    }

    /// Whether a value of free JSON is one that a double can hold, if it is a number.
    static func isFinite(_ json: ArraySlice<UInt8>, _ kind: JSONScanner.Kind) -> Bool {
        kind != .number || isSmall(json) || decodes(json, as: Google_Protobuf_DoubleValue.self)
    }

    private static func isNumeric(_ kind: JSONScanner.Kind) -> Bool { kind == .number || kind == .string }

    /// One to nine digits without a leading zero: fits every integer.
    private static func isSmall(_ json: ArraySlice<UInt8>) -> Bool {
        guard (1...9).contains(json.count), json.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return json.count == 1 || json.first != 0x30
    }

    private static func decodes<M: Message>(_ json: ArraySlice<UInt8>, as type: M.Type) -> Bool {
        (try? M(jsonUTF8Bytes: Array(json))) != nil
    }
}
