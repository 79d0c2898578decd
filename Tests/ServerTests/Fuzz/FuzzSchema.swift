import Foundation
import Schema
import SwiftProtobuf

/// The project's own descriptors, by the full names of types.
struct FuzzSchema: Sendable {
    typealias Field = Google_Protobuf_FieldDescriptorProto

    private var messages: [String: Google_Protobuf_DescriptorProto] = [:]
    private var enums: [String: Google_Protobuf_EnumDescriptorProto] = [:]

    init() throws {
        let bytes = Data(base64Encoded: schemaDescriptors) ?? Data()
        for file in try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes).file {
            for type in file.enumType { enums["\(file.package).\(type.name)"] = type }
            for type in file.messageType { declare(type, in: file.package) }
        }
    }

    private mutating func declare(_ type: Google_Protobuf_DescriptorProto, in scope: String) {
        let name = "\(scope).\(type.name)"
        messages[name] = type
        for nested in type.enumType { enums["\(name).\(nested.name)"] = nested }
        for nested in type.nestedType { declare(nested, in: name) }
    }

    func message(_ name: String) -> Google_Protobuf_DescriptorProto { messages[name] ?? .init() }

    func enumeration(_ name: String) -> Google_Protobuf_EnumDescriptorProto { enums[name] ?? .init() }
}

extension Google_Protobuf_FieldDescriptorProto {
    /// The full name of the field's message or enum.
    var typeReference: String { String(typeName.dropFirst()) }
}
