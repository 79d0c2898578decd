import SwiftProtobuf

/// What the JSON codec has to know of a message type: its fields by every name that a request may use.
struct MessageShape: Sendable {
    /// `google.cloud.batch.v1.Job`
    let fullName: String
    var form = Form.fields
    var fields: [FieldShape] = []
    /// Indices into `fields`, by name in the `.proto` file and by name in JSON.
    var indices: [String: Int] = [:]

    /// How JSON writes the message; most are objects of their fields.
    enum Form: Sendable {
        case fields
        /// An entry of a map field: the field is an object, and its members are the entries.
        case mapEntry
        case timestamp, duration, fieldMask
        /// google.protobuf.Struct, ListValue and Value: JSON itself.
        case structure, list, value
        case any
        /// A wrapper such as Int32Value, written as its value.
        case wrapper
    }

    func field(named name: String) -> FieldShape? { indices[name].map { fields[$0] } }

    /// As errors name the type.
    var typeURL: String { "type.googleapis.com/\(fullName)" }
}

struct FieldShape: Sendable {
    /// Position in its message.
    let index: Int
    /// The name in the `.proto` file: `task_groups`.
    let name: String
    /// The name in JSON: `taskGroups`.
    let jsonName: String
    let isRepeated: Bool
    let oneof: String?
    let type: FieldType
}

enum FieldType: Sendable {
    /// Numbers, strings, bytes and booleans.
    case scalar(Google_Protobuf_FieldDescriptorProto.TypeEnum)
    /// Index of the message in its ``SchemaIndex``.
    case message(Int)
    case enumeration(EnumShape)
}

struct EnumShape: Sendable {
    let fullName: String
    let names: Set<String>
}
