import Methods
import SwiftProtobuf

extension ServiceError {
    /// The body of a REST answer: `{"error":{"code","message","status","details":[{"@type":…}]}}`.
    var restEnvelope: [UInt8] {
        var text = "{\"error\":{\"code\":\(code.httpStatus),\"message\":\(message.jsonQuoted),"
        text += "\"status\":\"\(code.name)\""
        let details = self.details.compactMap { Self.json($0) }
        if !details.isEmpty { text += ",\"details\":[\(details.joined(separator: ","))]" }
        return Array((text + "}}").utf8)
    }

    /// A detail with its `@type`; nil for one that has no JSON, which no message of `google.rpc` is.
    private static func json(_ detail: some Message) -> String? {
        var options = JSONEncodingOptions()
        options.useDeterministicOrdering = true
        return try? Google_Protobuf_Any(message: detail).jsonString(options: options)
    }
}
