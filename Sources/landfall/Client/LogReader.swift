import Foundation
import Schema
import SwiftProtobuf

/// Reads the log of one job, page by page, each entry once.
struct LogReader {
    let client: APIClient
    let project: String
    private let jobUID: String
    private var since: Google_Protobuf_Timestamp?
    /// Entries at `since` that have been read.
    private var seen: Set<String> = []

    init(client: APIClient, project: String, jobUID: String) {
        self.client = client
        self.project = project
        self.jobUID = jobUID
    }

    /// The entries that have come since the last time, oldest first.
    mutating func next() async throws -> [Google_Logging_V2_LogEntry] {
        var found: [Google_Logging_V2_LogEntry] = []
        var token = ""
        let filter = try self.filter()
        repeat {
            let request = Google_Logging_V2_ListLogEntriesRequest.with {
                $0.resourceNames = ["projects/\(project)"]
                $0.filter = filter
                $0.orderBy = "timestamp asc"
                $0.pageSize = 1000
                $0.pageToken = token
            }
            let page = try await client.call(
                .POST, "logging", "/v2/entries:list", body: request,
                returning: Google_Logging_V2_ListLogEntriesResponse.self)
            found += page.entries
            token = page.nextPageToken
        } while !token.isEmpty
        let new = found.filter { !seen.contains($0.insertID) }
        if let last = new.last?.timestamp {
            if last != since { seen = [] }
            since = last
            seen.formUnion(found.filter { $0.timestamp == last }.map(\.insertID))
        }
        return new
    }

    private func filter() throws -> String {
        var filter = #"logName="projects/\#(project)/logs/batch_task_logs" AND labels.job_uid="\#(jobUID)""#
        if let since { filter += #" AND timestamp>=\#(try since.jsonString())"# }
        return filter
    }
}

extension Google_Logging_V2_LogEntry {
    /// The text that people read.
    var text: String {
        switch payload {
        case .textPayload(let text): text
        case .jsonPayload(let payload): (try? payload.jsonString()) ?? ""
        case .protoPayload(let payload): payload.typeURL
        case nil: ""
        }
    }

    /// The index of the task that printed it.
    var taskIndex: Substring {
        (labels["task_id"] ?? "").split(separator: "-").last ?? ""
    }
}
