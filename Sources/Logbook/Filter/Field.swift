import Schema
import SwiftProtobuf

/// A field of `LogEntry` that a filter names.
indirect enum Field: Sendable {
    case attribute(Attribute)
    /// A message as a whole: `operation`.
    case message(String)
    /// One label of the entry, or all of them.
    case labels(key: String?)
    case resourceLabels(key: String?)
    case resource
    /// A value inside `jsonPayload`, or the whole.
    case jsonPayload([String])
    /// A value inside `protoPayload`: its `@type`, and what is inside a `google.protobuf.Struct` or an audit entry.
    case protoPayload([String])
    /// The values of a field, turned into a type.
    case cast(Field, CastType)

    /// Finds the field of a path whose parts are in camelCase or snake_case; nil when there is none.
    init?(path: [String]) {
        guard let first = path.first else { return nil }
        let root = Self.camelCase(first)
        let rest = Array(path.dropFirst())
        switch root {
        case "labels": self = .labels(key: Self.key(rest))
        case "jsonPayload": self = .jsonPayload(rest)
        case "protoPayload": self = .protoPayload(rest)
        case "resource" where rest.isEmpty: self = .resource
        case "resource" where rest[0] == "labels": self = .resourceLabels(key: Self.key(Array(rest.dropFirst())))
        case "operation", "httpRequest", "sourceLocation", "split":
            guard !rest.isEmpty else {
                self = .message(root)
                return
            }
            fallthrough
        default:
            let name = path.map(Self.camelCase).joined(separator: ".")
            guard let attribute = Attribute.named(name) else { return nil }
            self = .attribute(attribute)
        }
    }

    /// Keys of labels may have dots, quoted or not.
    private static func key(_ parts: [String]) -> String? { parts.isEmpty ? nil : parts.joined(separator: ".") }

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        guard words.count > 1, let first = words.first else { return name }
        return first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// Whether any value of the field, of which lists and messages have several, satisfies the condition.
    func anyValue(in entry: LogEntry, satisfies condition: (Scalar) -> Bool) -> Bool {
        switch self {
        case .attribute(let attribute):
            return attribute.value(entry).map(condition) ?? false
        case .message(let path):
            return Attribute.below(path).contains { $0.value(entry).map(condition) ?? false }
        case .labels(let key):
            return Self.any(in: entry.labels, key: key, satisfies: condition)
        case .resourceLabels(let key):
            return Self.any(in: entry.resource.labels, key: key, satisfies: condition)
        case .resource:
            return condition(.string(entry.resource.type))
                || Self.any(in: entry.resource.labels, key: nil, satisfies: condition)
        case .jsonPayload(let path):
            guard case .jsonPayload(let payload) = entry.payload else { return false }
            return payload.anyValue(at: path[...], satisfies: condition)
        case .protoPayload(let path):
            guard case .protoPayload(let payload) = entry.payload else { return false }
            return Self.any(in: payload, path: path, satisfies: condition)
        case .cast(let field, let type):
            return field.anyValue(in: entry) { type.value($0).map(condition) ?? false }
        }
    }

    /// What errors call it, where they call it by name.
    var name: String {
        switch self {
        case .attribute(let attribute): attribute.path
        case .cast: "cast()"
        default: "the field"
        }
    }

    /// What its values are compared with, as far as that is known without an entry.
    var kind: Attribute.Kind? {
        switch self {
        case .attribute(let attribute): attribute.kind
        case .cast(_, let type): type.kind
        default: nil
        }
    }

    /// Whether the entry has the field.
    func exists(in entry: LogEntry) -> Bool {
        switch self {
        case .message("operation"): entry.hasOperation
        case .message("httpRequest"): entry.hasHTTPRequest
        case .message("sourceLocation"): entry.hasSourceLocation
        case .message("split"): entry.hasSplit
        case .resource: entry.hasResource
        case .jsonPayload(let path):
            if case .jsonPayload(let payload) = entry.payload { payload.has(path[...]) } else { false }
        case .protoPayload([]): if case .protoPayload = entry.payload { true } else { false }
        default: anyValue(in: entry) { _ in true }
        }
    }

    private static func any(
        in labels: [String: String], key: String?, satisfies condition: (Scalar) -> Bool
    ) -> Bool {
        guard let key else { return labels.values.contains { condition(.string($0)) } }
        return labels[key].map { condition(.string($0)) } ?? false
    }

    private static func any(
        in payload: Google_Protobuf_Any, path: [String], satisfies condition: (Scalar) -> Bool
    ) -> Bool {
        if path == ["@type"] || path.isEmpty, condition(.string(payload.typeURL)) { return true }
        guard path != ["@type"], let content = payload.object else { return false }
        return content.anyValue(at: path[...], satisfies: condition)
            || content.anyValue(at: path.map(camelCase)[...], satisfies: condition)
    }
}
