import Foundation
import Schema
import SwiftProtobuf

/// Entries that are appended together, made ready for the writer.
struct Batch: Sendable {
    /// What entries of one stream share.
    struct Stream: Hashable, Sendable {
        let name: LogName
        let resourceType: String
        /// The label `job_uid`; empty when there is none.
        let jobUID: String
        let day: Int64
        /// A serialized `LogEntry` with nothing but the log's name, the resource and the labels.
        let template: Data
    }

    struct Row: Sendable {
        /// Its position in `streams`.
        let stream: Int
        let timestamp: Int64
        let insertID: String
        let severity: Int
        /// The serialized entry without what is stored beside it.
        let body: Data
    }

    private(set) var streams: [Stream] = []
    private(set) var rows: [Row] = []
    /// The entries as readers will see them.
    private(set) var entries: [LogEntry] = []

    private var positions: [Key: Int] = [:]

    private struct Key: Hashable {
        let logName: String
        let resource: Google_Api_MonitoredResource
        let labels: [String: String]
        let day: Int64
    }

    /// - Throws: `LogbookError.invalidLogName`, `LogbookError.invalidTimestamp`.
    init(_ entries: [LogEntry], receivedAt now: Google_Protobuf_Timestamp, ids: InsertIDs) throws {
        rows.reserveCapacity(entries.count)
        self.entries.reserveCapacity(entries.count)
        var last: (key: Key, position: Int)?
        for var entry in entries {
            if !entry.hasReceiveTimestamp { entry.receiveTimestamp = now }
            if !entry.hasTimestamp { entry.timestamp = entry.receiveTimestamp }
            if entry.insertID.isEmpty { entry.insertID = ids.next() }
            guard let timestamp = Nanoseconds.since1970(entry.timestamp) else { throw LogbookError.invalidTimestamp }
            let key = Key(
                logName: entry.logName, resource: entry.resource, labels: entry.labels, day: Nanoseconds.day(timestamp))
            let position: Int
            if let last, last.key == key { position = last.position } else { position = try self.position(of: key) }
            last = (key, position)
            rows.append(try Row(entry, stream: position, timestamp: timestamp))
            self.entries.append(entry)
        }
    }

    private mutating func position(of key: Key) throws -> Int {
        if let position = positions[key] { return position }
        guard let name = LogName(key.logName) else { throw LogbookError.invalidLogName(key.logName) }
        let template = LogEntry.with {
            $0.logName = name.description
            $0.resource = key.resource
            $0.labels = key.labels
        }
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        streams.append(
            Stream(
                name: name, resourceType: key.resource.type, jobUID: key.labels["job_uid"] ?? "", day: key.day,
                template: try template.serializedBytes(options: options)))
        positions[key] = streams.count - 1
        return streams.count - 1
    }
}

extension Batch.Row {
    fileprivate init(_ entry: LogEntry, stream: Int, timestamp: Int64) throws {
        var rest = entry
        rest.logName = ""
        rest.clearResource()
        rest.labels = [:]
        rest.clearTimestamp()
        rest.insertID = ""
        self.init(
            stream: stream, timestamp: timestamp, insertID: entry.insertID, severity: entry.severity.rawValue,
            body: try rest.serializedBytes())
    }
}
