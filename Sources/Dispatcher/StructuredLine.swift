import FoundationEssentials
import Schema
import SwiftProtobuf

/// Lines that are one JSON object become structured entries, the way Google's logging agents make them.
///
/// `severity` names or numbers the severity. `time`, or `timestamp`, as RFC 3339 text or as an object of `seconds` and
/// `nanos`, is the entry's time, if it lies within thirty days before and one day after the moment of printing.
/// `logging.googleapis.com/labels`, `…/trace` and `…/spanId` become the entry's own. These leave the payload when they
/// are well-formed, and stay in it otherwise. If `message` is all that is left, it becomes the text payload.
enum StructuredLine {
    /// How many objects and lists may enclose a value: each takes three messages on the wire, and clients decode no
    /// more than a hundred.
    static let deepest = 30

    /// How far a line's own time may lie before and after the moment when it was printed, in seconds: as far as callers
    /// of `entries:write` may be off. Others would be forgotten at once, or never.
    private static let times: ClosedRange<Int64> = -30 * 86_400...86_400

    private static let options: JSONDecodingOptions = {
        var options = JSONDecodingOptions()
        // JSON's decoder counts two for each.
        options.messageDepthLimit = 2 * deepest
        return options
    }()

    /// Fills in an entry from a line.
    ///
    /// - Parameter entry: its timestamp is when the line was printed.
    /// - Returns: false, with the entry as it was, when the line is not one JSON object, or nests too deeply.
    static func fill(_ entry: inout Google_Logging_V2_LogEntry, with text: Data) -> Bool {
        guard text.first == UInt8(ascii: "{"),
            let parsed = try? Google_Protobuf_Struct(jsonUTF8Bytes: text, options: options)
        else { return false }
        var fields = parsed.fields
        takeSeverity(from: &fields, into: &entry)
        takeTime(from: &fields, into: &entry)
        takeLabels(from: &fields, into: &entry)
        takeText("logging.googleapis.com/trace", from: &fields) { entry.trace = $0 }
        takeText("logging.googleapis.com/spanId", from: &fields) { entry.spanID = $0 }
        if fields.count == 1, case .stringValue(let message)? = fields["message"]?.kind {
            entry.textPayload = message
        } else {
            entry.jsonPayload.fields = fields
        }
        return true
    }

    /// What an entry says in `batch/custom/event`: an event of its task (Batch, custom status events). It stays in the
    /// payload, where filters find it.
    static func customEvent(of entry: Google_Logging_V2_LogEntry) -> String? {
        guard case .jsonPayload(let payload)? = entry.payload,
            case .stringValue(let text)? = payload.fields["batch/custom/event"]?.kind, !text.isEmpty
        else { return nil }
        return text
    }

    private static func takeText(
        _ name: String, from fields: inout [String: Google_Protobuf_Value], use: (String) -> Void
    ) {
        guard case .stringValue(let text)? = fields[name]?.kind else { return }
        fields[name] = nil
        use(text)
    }

    private static func takeSeverity(
        from fields: inout [String: Google_Protobuf_Value], into entry: inout Google_Logging_V2_LogEntry
    ) {
        let severity: Google_Logging_Type_LogSeverity? =
            switch fields["severity"]?.kind {
            case .stringValue(let name)?: Google_Logging_Type_LogSeverity(agentName: name.uppercased())
            case .numberValue(let number)?:
                Int(exactly: number).flatMap(Google_Logging_Type_LogSeverity.init(rawValue:)).flatMap {
                    if case .UNRECOGNIZED = $0 { nil } else { $0 }
                }
            default: nil
            }
        guard let severity else { return }
        entry.severity = severity
        fields["severity"] = nil
    }

    private static func takeTime(
        from fields: inout [String: Google_Protobuf_Value], into entry: inout Google_Logging_V2_LogEntry
    ) {
        for name in ["time", "timestamp"] {
            guard let time = fields[name].flatMap(timestamp),
                times.contains(time.seconds - entry.timestamp.seconds)
            else { continue }
            entry.timestamp = time
            fields[name] = nil
            return
        }
    }

    private static func timestamp(_ value: Google_Protobuf_Value) -> Google_Protobuf_Timestamp? {
        switch value.kind {
        case .stringValue(let text)?:
            guard text.utf8.count <= 40, !text.contains("\""), !text.contains("\\") else { return nil }
            return try? Google_Protobuf_Timestamp(jsonString: "\"\(text)\"")
        case .structValue(let object)?:
            guard case .numberValue(let number)? = object.fields["seconds"]?.kind,
                let seconds = Int64(exactly: number), (0...253_402_300_799).contains(seconds)
            else { return nil }
            guard case .numberValue(let part)? = object.fields["nanos"]?.kind else {
                return Google_Protobuf_Timestamp(seconds: seconds)
            }
            guard let nanos = Int32(exactly: part), (0..<1_000_000_000).contains(nanos) else { return nil }
            return Google_Protobuf_Timestamp(seconds: seconds, nanos: nanos)
        default:
            return nil
        }
    }

    private static func takeLabels(
        from fields: inout [String: Google_Protobuf_Value], into entry: inout Google_Logging_V2_LogEntry
    ) {
        let name = "logging.googleapis.com/labels"
        guard case .structValue(let object)? = fields[name]?.kind else { return }
        var labels: [String: String] = [:]
        for (key, value) in object.fields {
            guard case .stringValue(let text)? = value.kind else { return }
            labels[key] = text
        }
        // Labels that tell the task apart are not the task's to set.
        entry.labels.merge(labels) { ours, _ in ours }
        fields[name] = nil
    }
}

extension Google_Logging_Type_LogSeverity {
    /// A severity by its name in capitals; the short forms that loggers use are understood too.
    fileprivate init?(agentName name: String) {
        switch name {
        case "DEFAULT": self = .default
        case "DEBUG", "TRACE": self = .debug
        case "INFO": self = .info
        case "NOTICE": self = .notice
        case "WARNING", "WARN": self = .warning
        case "ERROR": self = .error
        case "CRITICAL", "FATAL": self = .critical
        case "ALERT": self = .alert
        case "EMERGENCY": self = .emergency
        default: return nil
        }
    }
}
