import FoundationEssentials
import Schema
import SwiftProtobuf

/// The types of all messages that a request can contain, by full name.
///
/// swift-protobuf keeps no descriptors at run time and its decoder names no path; both are needed to tell a
/// client which of its fields is wrong.
struct SchemaIndex: Sendable {
    private(set) var messages: [MessageShape] = []
    private var byName: [String: Int] = [:]
    private var enums: [String: EnumShape] = [:]

    /// - Parameter descriptors: A google.protobuf.FileDescriptorSet, imports included, in base64.
    /// - Throws: When it is not one, or uses a type that it does not contain.
    init(base64 descriptors: String = schemaDescriptors) throws {
        guard let bytes = Data(base64Encoded: descriptors) else { throw Incomplete(type: "not base64") }
        let set = try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes)
        var declared: [Google_Protobuf_DescriptorProto] = []
        for file in set.file {
            for type in file.enumType { declare(type, in: file.package) }
            for type in file.messageType { declare(type, in: file.package, &declared) }
        }
        for (index, type) in declared.enumerated() {
            for (position, field) in type.field.enumerated() {
                try add(field, at: position, of: type, to: index)
            }
        }
    }

    /// A type that the descriptors mention and do not describe.
    struct Incomplete: Error {
        let type: String
    }

    subscript(index: Int) -> MessageShape { messages[index] }

    /// - Parameter name: `google.cloud.batch.v1.Job`
    func index(of name: String) -> Int? { byName[name] }

    private mutating func declare(_ type: Google_Protobuf_EnumDescriptorProto, in scope: String) {
        let name = "\(scope).\(type.name)"
        enums[name] = EnumShape(fullName: name, names: Set(type.value.map(\.name)))
    }

    private mutating func declare(
        _ type: Google_Protobuf_DescriptorProto, in scope: String, _ declared: inout [Google_Protobuf_DescriptorProto]
    ) {
        let name = "\(scope).\(type.name)"
        var shape = MessageShape(fullName: name)
        shape.form = type.options.mapEntry ? .mapEntry : Self.wellKnown[name] ?? .fields
        byName[name] = messages.count
        messages.append(shape)
        declared.append(type)
        for nested in type.enumType { declare(nested, in: name) }
        for nested in type.nestedType { declare(nested, in: name, &declared) }
    }

    private mutating func add(
        _ field: Google_Protobuf_FieldDescriptorProto, at position: Int, of type: Google_Protobuf_DescriptorProto,
        to index: Int
    ) throws {
        let isInOneof = field.hasOneofIndex && !field.proto3Optional
        let shape = FieldShape(
            index: position, name: field.name, jsonName: field.jsonName, isRepeated: field.label == .repeated,
            oneof: isInOneof ? type.oneofDecl[Int(field.oneofIndex)].name : nil, type: try self.type(of: field))
        messages[index].fields.append(shape)
        messages[index].indices[shape.name] = position
        messages[index].indices[shape.jsonName] = position
    }

    private func type(of field: Google_Protobuf_FieldDescriptorProto) throws -> FieldType {
        // Names of types start with a dot when they are complete, as protoc writes them.
        let name = String(field.typeName.dropFirst())
        switch field.type {
        case .message, .group:
            guard let index = byName[name] else { throw Incomplete(type: name) }
            return .message(index)
        case .enum:
            guard let shape = enums[name] else { throw Incomplete(type: name) }
            return .enumeration(shape)
        default:
            return .scalar(field.type)
        }
    }

    private static let wellKnown: [String: MessageShape.Form] = [
        "google.protobuf.Any": .any,
        "google.protobuf.BoolValue": .wrapper,
        "google.protobuf.BytesValue": .wrapper,
        "google.protobuf.DoubleValue": .wrapper,
        "google.protobuf.Duration": .duration,
        "google.protobuf.FieldMask": .fieldMask,
        "google.protobuf.FloatValue": .wrapper,
        "google.protobuf.Int32Value": .wrapper,
        "google.protobuf.Int64Value": .wrapper,
        "google.protobuf.ListValue": .list,
        "google.protobuf.StringValue": .wrapper,
        "google.protobuf.Struct": .structure,
        "google.protobuf.Timestamp": .timestamp,
        "google.protobuf.UInt32Value": .wrapper,
        "google.protobuf.UInt64Value": .wrapper,
        "google.protobuf.Value": .value,
    ]
}
