import Foundation
import Schema
import SwiftProtobuf

/// Reads the log of one job, page by page, each entry once, those of a page in the order in which they came in.
///
/// A structured line may carry a time of its own, years from the present one; so what is new is told by when the
/// server received it.
struct LogReader {
    let client: APIClient
    let project: String
    private let jobUID: String
    private var seen = SeenEntries()

    init(client: APIClient, project: String, jobUID: String) {
        self.client = client
        self.project = project
        self.jobUID = jobUID
    }

    /// Hands over the entries that have come since the last time, oldest first.
    mutating func next(_ show: (Google_Logging_V2_LogEntry) throws -> Void) async throws {
        var token = ""
        let filter = try self.filter()
        seen.beginRound()
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
            for entry in page.entries.sorted(by: Self.cameBefore)
            where seen.admit(entry.insertID, received: entry.receiveTimestamp.seconds) {
                try show(entry)
            }
            seen.forgetOld()
            token = page.nextPageToken
        } while !token.isEmpty
    }

    /// What came together has ids that sort as it was printed.
    private static func cameBefore(_ left: Google_Logging_V2_LogEntry, _ right: Google_Logging_V2_LogEntry) -> Bool {
        let (first, second) = (left.receiveTimestamp, right.receiveTimestamp)
        return (first.seconds, first.nanos, left.insertID) < (second.seconds, second.nanos, right.insertID)
    }

    private func filter() throws -> String {
        var filter = #"logName="projects/\#(project)/logs/batch_task_logs" AND labels.job_uid="\#(jobUID)""#
        if let start = seen.start {
            filter += #" AND receiveTimestamp>=\#(try Google_Protobuf_Timestamp(seconds: start).jsonString())"#
        }
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
