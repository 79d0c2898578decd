import Methods
import Schema
import SwiftProtobuf

/// What an audit entry tells of a request: its JSON, without what is secret or the users' own data.
struct RequestContent {
    /// Longer requests are left out of their entries, in bytes as they arrived.
    static let longest = 32 << 10
    /// What stands for a value that is left out.
    static let leftOut = "[left out]"

    let object: Google_Protobuf_Struct

    /// Nil for a request that is too long, or that has no JSON.
    init?(of call: EndedCall) {
        guard let request = call.request, call.requestBytes <= Self.longest,
            let json: [UInt8] = try? request.jsonUTF8Bytes(),
            var object = try? Google_Protobuf_Struct(jsonUTF8Bytes: json)
        else { return nil }
        object = Self.withoutSecrets(object)
        object.fields["@type"] = .init(stringValue: "type.googleapis.com/\(type(of: request).protoMessageName)")
        self.object = object
    }

    /// The name that the request is about, if it lies within what was checked: it then goes by the checked resource's
    /// own path, with the project's id.
    func resourceName(within check: AccessCheck) -> String? {
        for field in ["name", "resource", "logName", "parent"] {
            guard case .stringValue(let name)? = object.fields[field]?.kind else { continue }
            if name == check.named.path { return check.resource.path }
            if name.hasPrefix(check.named.path + "/") {
                return check.resource.path + name.dropFirst(check.named.path.count)
            }
        }
        return nil
    }

    /// Fields, wherever they are, whose values are secret, or data that users hand over to be kept or signed.
    private static let secrets: Set<String> = [
        "accessToken", "actorToken", "assertion", "cipherText", "clientSecret", "entries", "idToken", "password",
        "payload",
        "privateKey", "privateKeyData", "refreshToken", "subjectToken", "token",
    ]

    /// Maps whose keys may be told and whose values may be secret: environments of tasks.
    private static let secretMaps: Set<String> = ["variables"]

    /// Lists of variables, each with its name and its value: environments of containers.
    private static let secretLists: Set<String> = ["env"]

    private static func withoutSecrets(_ object: Google_Protobuf_Struct) -> Google_Protobuf_Struct {
        var object = object
        for (key, value) in object.fields {
            if secrets.contains(key) {
                object.fields[key] = .init(stringValue: leftOut)
            } else if secretMaps.contains(key), case .structValue(var map)? = value.kind {
                for key in map.fields.keys { map.fields[key] = .init(stringValue: leftOut) }
                object.fields[key] = .init(structValue: map)
            } else if secretLists.contains(key), case .listValue(var list)? = value.kind {
                list.values = list.values.map { withoutValue(withoutSecrets($0)) }
                object.fields[key] = .init(listValue: list)
            } else {
                object.fields[key] = withoutSecrets(value)
            }
        }
        return object
    }

    /// What a variable is told of, without what it says.
    private static func withoutValue(_ variable: Google_Protobuf_Value) -> Google_Protobuf_Value {
        guard case .structValue(var object)? = variable.kind, object.fields["value"] != nil else { return variable }
        object.fields["value"] = .init(stringValue: leftOut)
        return .init(structValue: object)
    }

    private static func withoutSecrets(_ value: Google_Protobuf_Value) -> Google_Protobuf_Value {
        switch value.kind {
        case .structValue(let object)?: return .init(structValue: withoutSecrets(object))
        case .listValue(var list)?:
            list.values = list.values.map(withoutSecrets)
            return .init(listValue: list)
        default: return value
        }
    }
}
