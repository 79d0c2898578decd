import SwiftProtobuf

extension Google_Protobuf_Struct {
    /// Whether any value at or below a path satisfies the condition; lists on the way are gone through.
    func anyValue(at path: ArraySlice<String>, satisfies condition: (Scalar) -> Bool) -> Bool {
        guard let key = path.first else {
            return fields.values.contains { $0.anyValue(at: [], satisfies: condition) }
        }
        return fields[key]?.anyValue(at: path.dropFirst(), satisfies: condition) ?? false
    }

    /// Whether there is anything at the path.
    func has(_ path: ArraySlice<String>) -> Bool {
        guard let key = path.first else { return true }
        return fields[key]?.has(path.dropFirst()) ?? false
    }
}

extension Google_Protobuf_Value {
    fileprivate func anyValue(at path: ArraySlice<String>, satisfies condition: (Scalar) -> Bool) -> Bool {
        switch kind {
        case .structValue(let content): content.anyValue(at: path, satisfies: condition)
        case .listValue(let list): list.values.contains { $0.anyValue(at: path, satisfies: condition) }
        case .stringValue(let text): path.isEmpty && condition(.string(text))
        case .numberValue(let number): path.isEmpty && condition(.number(number))
        case .boolValue(let value): path.isEmpty && condition(.bool(value))
        case .nullValue: path.isEmpty && condition(.null)
        case nil: false
        }
    }

    fileprivate func has(_ path: ArraySlice<String>) -> Bool {
        switch kind {
        case .structValue(let content): content.has(path)
        case .listValue(let list): list.values.contains { $0.has(path) }
        case nil: false
        default: path.isEmpty
        }
    }
}
