import Foundation
import Logbook
import Methods
import Schema
import SwiftProtobuf

/// `WriteLogEntries`.
struct EntryWrite {
    private static let mostEntries = 10_000

    let logbook: Logbook

    func answer(
        _ request: Google_Logging_V2_WriteLogEntriesRequest, _ call: Call
    ) async throws -> Google_Logging_V2_WriteLogEntriesResponse {
        guard request.entries.count <= Self.mostEntries else {
            throw ServiceError.invalidArgument(
                "entries has \(request.entries.count) entries; at most \(Self.mostEntries) are allowed.",
                field: "entries")
        }
        var parents: [LogParent: LogParent] = [:]
        var accepted: [LogEntry] = []
        var refused: [(index: Int, error: ServiceError)] = []
        for (index, entry) in request.entries.enumerated() {
            do {
                let (entry, name) = try EntryRules(request, receivedAt: call.time).complete(entry, at: index)
                let parent = try await parent(name.parent, &parents, call)
                accepted.append(Self.finished(entry, name, parent))
            } catch let error as ServiceError where error.code == .invalidArgument {
                guard request.partialSuccess else { throw error }
                refused.append((index, error))
            }
        }
        if !request.dryRun { try await append(accepted) }
        if let first = refused.first {
            throw ServiceError.invalidArgument(
                "\(refused.count) of \(request.entries.count) entries were not written; the first is number "
                    + "\(first.index): \(first.error.message)")
        }
        return Google_Logging_V2_WriteLogEntriesResponse()
    }

    private func append(_ entries: [LogEntry]) async throws {
        do {
            try await logbook.append(entries)
        } catch LogbookError.noSpace {
            throw ServiceError(.resourceExhausted, "The disk that holds the logs is full.")
        }
    }

    private func parent(
        _ named: LogParent, _ known: inout [LogParent: LogParent], _ call: Call
    ) async throws -> LogParent {
        if let parent = known[named] { return parent }
        let parent = try await LogParents.allowed(named, LoggingService.create, call)
        known[named] = parent
        return parent
    }

    private static func finished(_ entry: LogEntry, _ name: LogName, _ parent: LogParent) -> LogEntry {
        var (entry, name) = (entry, name)
        name.parent = parent
        entry.logName = name.description
        if case .project(let project) = parent, entry.resource.labels["project_id"] == nil,
            entry.resource.type == "global"
        {
            entry.resource.labels["project_id"] = project
        }
        return entry
    }
}

/// What an entry must be like, and what it takes from the request (Logging API, quotas and limits).
struct EntryRules {
    private static let largestEntry = 256 << 10
    private static let mostLabels = 64
    private static let longestLabelKey = 512
    private static let longestLabelValue = 64 << 10
    private static let longestFuture: TimeInterval = 86_400

    private let request: Google_Logging_V2_WriteLogEntriesRequest
    private let now: Date

    init(_ request: Google_Logging_V2_WriteLogEntriesRequest, receivedAt now: Date) {
        self.request = request
        self.now = now
    }

    /// An entry with what it leaves out filled in; its own values win over the request's.
    ///
    /// - Throws: `INVALID_ARGUMENT` that names the entry.
    func complete(_ entry: LogEntry, at index: Int) throws -> (LogEntry, LogName) {
        var entry = entry
        if entry.logName.isEmpty { entry.logName = request.logName }
        if !entry.hasResource, request.hasResource { entry.resource = request.resource }
        entry.labels.merge(request.labels) { own, _ in own }
        entry.receiveTimestamp = Google_Protobuf_Timestamp(date: now)
        if !entry.hasTimestamp { entry.timestamp = entry.receiveTimestamp }
        let name = try LoggingService.logName(entry.logName)
        guard !name.isAudit else {
            throw ServiceError.invalidArgument(
                "The log '\(name)' is reserved: audit entries are written by the server alone.", field: "log_name")
        }
        try check(entry, "entries[\(index)]")
        return (entry, name)
    }

    private func check(_ entry: LogEntry, _ path: String) throws {
        guard !entry.resource.type.isEmpty else {
            throw invalid("is missing, in the entry and in the request.", path + ".resource")
        }
        try checkIdentifier(entry.insertID, path + ".insert_id")
        try checkIdentifier(entry.resource.type, path + ".resource.type")
        guard entry.payload != nil || entry.hasHTTPRequest || entry.hasOperation || !entry.labels.isEmpty else {
            throw invalid("has no payload.", path)
        }
        try checkTime(entry.timestamp, path + ".timestamp")
        guard entry.labels.count <= Self.mostLabels else {
            throw invalid("has \(entry.labels.count) labels; at most \(Self.mostLabels) are allowed.", path + ".labels")
        }
        for (key, value) in entry.labels {
            try checkIdentifier(value, path + ".labels")
            guard key.utf8.count <= Self.longestLabelKey, value.utf8.count <= Self.longestLabelValue else {
                throw invalid("has a label whose key or value is too long: \(key.prefix(100))", path + ".labels")
            }
        }
        let size = try entry.serializedData().count
        guard size <= Self.largestEntry else {
            throw invalid("is \(size) bytes; at most \(Self.largestEntry) are allowed.", path)
        }
        try checkReadable(entry, path)
    }

    /// The store would read no further than a NUL, and take two names for one.
    private func checkIdentifier(_ text: String, _ path: String) throws {
        guard !text.utf8.contains(0) else { throw invalid("holds a NUL character.", path) }
    }

    /// One entry that cannot be read back, over gRPC or as JSON, would spoil every list that it is in.
    private func checkReadable(_ entry: LogEntry, _ path: String) throws {
        guard entry.jsonPayload.isReadable else {
            throw invalid(
                "nests more than \(Google_Protobuf_Struct.deepest) objects and lists in one another.",
                path + ".json_payload")
        }
        guard (try? entry.jsonUTF8Bytes() as [UInt8]) != nil else {
            throw invalid("has a number, duration or message that JSON cannot express.", path)
        }
    }

    private func checkTime(_ timestamp: Google_Protobuf_Timestamp, _ path: String) throws {
        let age = now.timeIntervalSince1970 - Double(timestamp.seconds)
        guard (0..<1_000_000_000).contains(timestamp.nanos), age >= -Self.longestFuture,
            age <= TimeInterval(Logbook.retentionDays) * 86_400
        else {
            throw invalid(
                "is more than \(Logbook.retentionDays) days in the past, more than a day in the future, or no time.",
                path)
        }
    }

    private func invalid(_ what: String, _ path: String) -> ServiceError {
        .invalidArgument("\(path) \(what)", field: path)
    }
}
