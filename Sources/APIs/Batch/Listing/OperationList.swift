import Methods
import Requests
import Schema
import Store

/// The operations of a place, newest first, page by page.
struct OperationList: Sendable {
    let jobs: any JobStore
    let place: Place

    /// How many operations one request reads, and how many at once.
    private static let maxRead = 5000
    private static let chunk = 200

    func page(_ request: Google_Longrunning_ListOperationsRequest) async throws -> Page<OperationRecord> {
        let accepts = try Self.fields.predicate(request.filter)
        let paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            boundTo: ["operations.list", place.name, request.filter], cursor: String.self)
        var page = Page<OperationRecord>()
        var cursor = paging.cursor
        var read = 0
        while true {
            let records = try await jobs.operations(
                api: .batch, project: place.project.id, location: place.region.name, after: cursor, limit: Self.chunk)
            for (index, record) in records.enumerated() {
                read += 1
                cursor = record.name
                if accepts?(record) ?? true { page.items.append(record) }
                let isLast = records.count < Self.chunk && index == records.count - 1
                if page.items.count == paging.size || read == Self.maxRead, !isLast {
                    page.nextToken = try paging.token(after: record.name)
                    return page
                }
            }
            if records.count < Self.chunk { return page }
        }
    }

    static let fields = FilterFields<OperationRecord>(byPath: [
        "name": .text { $0.name },
        "done": .flag { $0.endedAt != nil },
        "metadata.verb": .text { $0.verb.rawValue },
        "metadata.target": .text { $0.target.path },
        "metadata.create_time": .time { $0.createdAt }, "metadata.createTime": .time { $0.createdAt },
        "metadata.end_time": .time { $0.endedAt }, "metadata.endTime": .time { $0.endedAt },
    ])
}
