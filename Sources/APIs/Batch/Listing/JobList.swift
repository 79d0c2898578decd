import Methods
import Requests
import Schema
import Store
import Workload

/// A project's jobs, page by page. One request reads a bounded number of them, however few its filter lets through:
/// its page may then be short, or empty, with a token all the same.
struct JobList: Sendable {
    let jobs: any JobStore
    let project: String
    /// Nil for all locations.
    let location: String?

    /// How many jobs one request reads, and how many at once.
    private static let maxRead = 2000
    private static let chunk = 50
    /// How many bytes of definitions a page holds before it ends.
    private static let maxBytes = 3 << 20

    func page(_ request: Google_Cloud_Batch_V1_ListJobsRequest) async throws -> Page<StoredJob> {
        let order = try Self.order(request.orderBy)
        let accepts = try Self.fields.predicate(request.filter)
        let paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            boundTo: ["jobs.list", project, location ?? "-", request.filter, order.rawValue], cursor: JobCursor.self)
        var page = Page<StoredJob>()
        var cursor = paging.cursor
        var (read, bytes) = (0, 0)
        while true {
            let records = try await jobs.jobs(
                JobSelection(api: .batch, project: project, location: location), order: order, after: cursor,
                limit: Self.chunk)
            for (index, record) in records.enumerated() {
                let job = try StoredJob(record)
                read += 1
                cursor = JobCursor(after: record)
                if accepts?(job) ?? true {
                    page.items.append(job)
                    bytes += record.source.count
                }
                let isLast = records.count < Self.chunk && index == records.count - 1
                if page.items.count == paging.size || bytes >= Self.maxBytes || read == Self.maxRead, !isLast {
                    page.nextToken = try paging.token(after: JobCursor(after: record))
                    return page
                }
            }
            if records.count < Self.chunk { return page }
        }
    }

    /// Batch API, `order_by`; newest first when it is empty.
    private static func order(_ text: String) throws -> JobOrder {
        switch text.split(whereSeparator: \.isWhitespace).joined(separator: " ") {
        case "", "create_time desc", "createTime desc": .newestFirst
        case "create_time", "createTime", "create_time asc", "createTime asc": .oldestFirst
        case "name", "name asc": .name
        case "name desc": .nameDescending
        default:
            throw ServiceError.invalidArgument(
                "Invalid value for 'order_by': must be 'name' or 'create_time', either alone or with ' desc' after it.",
                field: "order_by")
        }
    }

    static let fields: FilterFields<StoredJob> = {
        let state = FilterField<StoredJob>.choice(
            of: Set(JobState.allCases.map(\.wireName)), { $0.record.state.wireName })
        let created = FilterField<StoredJob>.time { $0.record.createdAt }
        let updated = FilterField<StoredJob>.time { $0.record.updatedAt }
        return FilterFields(
            byPath: [
                "name": .text { $0.record.name.path },
                "uid": .text { $0.record.uid },
                "priority": .number { Int64($0.record.plan.priority) },
                "status.state": state, "state": state, "State": state,
                "create_time": created, "createTime": created,
                "update_time": updated, "updateTime": updated,
            ],
            maps: ["labels": { $0.definition.labels }])
    }()
}
