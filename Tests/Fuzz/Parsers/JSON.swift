import Foundation
import Schema
import SwiftProtobuf

@testable import Dispatcher
@testable import Gateway

extension FuzzedParser {
    /// JSON bodies: what the scanner takes, Foundation takes too, and the walk over the schema lets through only what
    /// the decoder can read.
    static let json = FuzzedParser("json") { input in
        var scanner = JSONScanner(input, maximumDepth: 100)
        try scanner.skipValue()
        try scanner.finish()
        guard String(validating: input, as: UTF8.self) != nil else { return }
        let isJSON = (try? JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)) != nil
        // Foundation refuses numbers that a double cannot hold.
        try expect(
            isJSON || input.contains { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") } || input.count > 300,
            "the scanner takes what is no JSON")
        guard let schema, let index = schema.index(of: "google.cloud.batch.v1.Job") else { return }
        var walk = RequestWalk(input, schema: schema, maximumDepth: 100)
        try walk.check(request: schema[index])
        try walk.violations.check()
        do {
            _ = try Google_Cloud_Batch_V1_Job(jsonUTF8Bytes: input)
        } catch {
            throw Violation(description: "the walk lets through what cannot be decoded: \(error)")
        }
    }

    /// Lines of tasks that are JSON objects: what they become can be written for clients.
    static let structuredLine = FuzzedParser("structured-line") { input in
        var entry = Google_Logging_V2_LogEntry()
        entry.timestamp = Google_Protobuf_Timestamp(seconds: 1_790_000_000)
        entry.labels = ["job_uid": "hello-1"]
        let before = entry
        guard StructuredLine.fill(&entry, with: Data(input)) else {
            return try expect(entry == before, "a line that is no object has changed its entry")
        }
        _ = StructuredLine.customEvent(of: entry)
        try expect(entry.labels["job_uid"] == "hello-1", "a task has changed its labels")
        try expect(abs(entry.timestamp.seconds - 1_790_000_000) <= 30 * 86_400, "the time is \(entry.timestamp)")
        let bytes: [UInt8] = try entry.serializedBytes()
        guard (try? Google_Logging_V2_LogEntry(serializedBytes: bytes)) == entry else {
            throw Violation(description: "the entry does not read as it was written")
        }
        do {
            _ = try entry.jsonUTF8Bytes() as [UInt8]
        } catch {
            throw Violation(description: "the entry cannot be written as JSON: \(error)")
        }
    }
}
