import Schema
import SwiftProtobuf

extension Google_Protobuf_Any {
    /// What is inside, as an object that filters can look into: that of a `google.protobuf.Struct`, or an audit entry's
    /// in its JSON form; nil for other messages.
    var object: Google_Protobuf_Struct? {
        if let object = try? Google_Protobuf_Struct(unpackingAny: self) { return object }
        guard let entry = try? Google_Cloud_Audit_AuditLog(unpackingAny: self),
            let json: [UInt8] = try? entry.jsonUTF8Bytes()
        else { return nil }
        return try? Google_Protobuf_Struct(jsonUTF8Bytes: json)
    }
}
