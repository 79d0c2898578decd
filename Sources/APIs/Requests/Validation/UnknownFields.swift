import Foundation
import SwiftProtobuf

/// Finds a field that the schema does not have, in a message or anywhere inside it.
///
/// A client of another version can send one over gRPC. To let it pass would be to leave undone what it asks for.
public struct UnknownFields {
    /// The type that lacks the field, and the field's number; nil when there is none.
    public let first: (type: String, number: UInt64)?

    /// Looks through a message.
    public init(in message: some Message) throws {
        var search = UnknownFieldSearch()
        try search.visit(message)
        first = search.first
    }
}

private struct UnknownFieldSearch: Visitor {
    private(set) var first: (type: String, number: UInt64)?
    private var type = ""

    mutating func visit(_ message: some Message) throws {
        let outer = type
        type = Swift.type(of: message).protoMessageName
        try message.traverse(visitor: &self)
        type = outer
    }

    /// - Parameter bytes: fields as on the wire: a tag, whose lowest three bits tell the form, then the value.
    mutating func visitUnknown(bytes: Data) throws {
        var tag: UInt64 = 0
        for (position, byte) in bytes.prefix(5).enumerated() {
            tag |= UInt64(byte & 0x7F) << (7 * UInt64(position))
            if byte < 0x80 { break }
        }
        first = first ?? (type, tag >> 3)
    }

    mutating func visitSingularMessageField<M: Message>(value: M, fieldNumber: Int) throws { try visit(value) }

    mutating func visitMapField<KeyType, ValueType: Message & Hashable>(
        fieldType: _ProtobufMessageMap<KeyType, ValueType>.Type,
        value: _ProtobufMessageMap<KeyType, ValueType>.BaseType, fieldNumber: Int
    ) throws {
        for message in value.values { try visit(message) }
    }

    // Plain values hold nothing else.

    mutating func visitSingularDoubleField(value: Double, fieldNumber: Int) throws {}
    mutating func visitSingularInt64Field(value: Int64, fieldNumber: Int) throws {}
    mutating func visitSingularUInt64Field(value: UInt64, fieldNumber: Int) throws {}
    mutating func visitSingularBoolField(value: Bool, fieldNumber: Int) throws {}
    mutating func visitSingularStringField(value: String, fieldNumber: Int) throws {}
    mutating func visitSingularBytesField(value: Data, fieldNumber: Int) throws {}
    mutating func visitSingularEnumField<E: Enum>(value: E, fieldNumber: Int) throws {}
    mutating func visitMapField<KeyType, ValueType: MapValueType>(
        fieldType: _ProtobufMap<KeyType, ValueType>.Type, value: _ProtobufMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) throws {}
    mutating func visitMapField<KeyType, ValueType: Enum>(
        fieldType: _ProtobufEnumMap<KeyType, ValueType>.Type,
        value: _ProtobufEnumMap<KeyType, ValueType>.BaseType, fieldNumber: Int
    ) throws where ValueType.RawValue == Int {}
}
