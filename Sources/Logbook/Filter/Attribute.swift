import Schema
import SwiftProtobuf

/// A field of `LogEntry` that has one value of a known type.
struct Attribute: Sendable {
    enum Kind: Sendable {
        case string
        case integer
        case bool
        case time
        case duration
        case severity
    }

    /// Its path, in camelCase: `httpRequest.status`.
    let path: String
    let kind: Kind
    /// Its value; nil when the entry has none.
    let value: @Sendable (LogEntry) -> Scalar?

    static func named(_ path: String) -> Attribute? { byPath[path] }

    /// The attributes of the message at a path: `operation`.
    static func below(_ path: String) -> [Attribute] { all.filter { $0.path.hasPrefix(path + ".") } }

    private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

    static let all: [Attribute] =
        [
            string("logName") { $0.logName },
            string("insertId") { $0.insertID },
            Attribute(path: "textPayload", kind: .string) { entry in
                if case .textPayload(let text) = entry.payload { .string(text) } else { nil }
            },
            string("trace") { $0.trace },
            string("spanId") { $0.spanID },
            Attribute(path: "traceSampled", kind: .bool) { .bool($0.traceSampled) },
            Attribute(path: "severity", kind: .severity) { .severity($0.severity.rawValue) },
            Attribute(path: "timestamp", kind: .time) { $0.hasTimestamp ? time($0.timestamp) : nil },
            Attribute(path: "receiveTimestamp", kind: .time) {
                $0.hasReceiveTimestamp ? time($0.receiveTimestamp) : nil
            },
            string("resource.type") { $0.resource.type },
            string("operation.id") { $0.operation.id },
            string("operation.producer") { $0.operation.producer },
            Attribute(path: "operation.first", kind: .bool) { $0.hasOperation ? .bool($0.operation.first) : nil },
            Attribute(path: "operation.last", kind: .bool) { $0.hasOperation ? .bool($0.operation.last) : nil },
            string("sourceLocation.file") { $0.sourceLocation.file },
            string("sourceLocation.function") { $0.sourceLocation.function },
            Attribute(path: "sourceLocation.line", kind: .integer) {
                $0.hasSourceLocation ? .integer($0.sourceLocation.line) : nil
            },
            string("split.uid") { $0.split.uid },
            Attribute(path: "split.index", kind: .integer) { $0.hasSplit ? .integer(Int64($0.split.index)) : nil },
            Attribute(path: "split.totalSplits", kind: .integer) {
                $0.hasSplit ? .integer(Int64($0.split.totalSplits)) : nil
            },
        ] + request

    private static let request: [Attribute] = [
        string("httpRequest.requestMethod") { $0.httpRequest.requestMethod },
        string("httpRequest.requestUrl") { $0.httpRequest.requestURL },
        string("httpRequest.userAgent") { $0.httpRequest.userAgent },
        string("httpRequest.remoteIp") { $0.httpRequest.remoteIp },
        string("httpRequest.serverIp") { $0.httpRequest.serverIp },
        string("httpRequest.referer") { $0.httpRequest.referer },
        string("httpRequest.protocol") { $0.httpRequest.protocol },
        requestNumber("requestSize") { $0.requestSize },
        requestNumber("responseSize") { $0.responseSize },
        requestNumber("cacheFillBytes") { $0.cacheFillBytes },
        requestNumber("status") { Int64($0.status) },
        requestFlag("cacheLookup") { $0.cacheLookup },
        requestFlag("cacheHit") { $0.cacheHit },
        requestFlag("cacheValidatedWithOriginServer") { $0.cacheValidatedWithOriginServer },
        Attribute(path: "httpRequest.latency", kind: .duration) {
            guard $0.httpRequest.hasLatency else { return nil }
            let latency = $0.httpRequest.latency
            return .duration(Double(latency.seconds) + Double(latency.nanos) / 1e9)
        },
    ]

    /// A text that is missing when it is empty, as proto3 has it.
    private static func string(_ path: String, _ text: @escaping @Sendable (LogEntry) -> String) -> Attribute {
        Attribute(path: path, kind: .string) { entry in
            let text = text(entry)
            return text.isEmpty ? nil : .string(text)
        }
    }

    private static func requestNumber(
        _ name: String, _ number: @escaping @Sendable (Google_Logging_Type_HttpRequest) -> Int64
    ) -> Attribute {
        Attribute(path: "httpRequest.\(name)", kind: .integer) {
            $0.hasHTTPRequest ? .integer(number($0.httpRequest)) : nil
        }
    }

    private static func requestFlag(
        _ name: String, _ flag: @escaping @Sendable (Google_Logging_Type_HttpRequest) -> Bool
    ) -> Attribute {
        Attribute(path: "httpRequest.\(name)", kind: .bool) { $0.hasHTTPRequest ? .bool(flag($0.httpRequest)) : nil }
    }

    private static func time(_ timestamp: Google_Protobuf_Timestamp) -> Scalar? {
        Nanoseconds.since1970(timestamp).map(Scalar.time)
    }
}
