import Directory
import Store

/// Jobs of a project, newest first, page by page. One request reads a bounded number of them and shows a bounded number
/// of bytes, however many are wanted: its page may then be short, or empty, with a cursor all the same.
struct JobListing: Sendable {
    private static let maxRead = 20_000
    private static let chunk = 50

    let context: CloudRunContext
    let project: ProjectRecord
    /// Nil for all.
    let location: String?
    /// Whether deleted ones are among them.
    var deleted = false
    /// How many bytes of definitions a page holds before it ends.
    var maxBytes = ListedBytes.most

    /// - Parameters:
    ///   - cursor: the last job that was looked at before; nil for the first page.
    ///   - isWanted: whether one is to be shown.
    /// - Returns: the jobs, and where the next page begins; nil when there are no more.
    func page(
        of size: Int, after cursor: RunJobCursor?, where isWanted: (StoredJob, Place) -> Bool = { _, _ in true }
    ) async throws -> (items: [(job: StoredJob, place: Place)], next: RunJobCursor?) {
        var (items, cursor, read): ([(job: StoredJob, place: Place)], RunJobCursor?, Int) = ([], cursor, 0)
        var bytes = ListedBytes(most: maxBytes)
        while true {
            let records = try await context.jobs.runJobs(
                project: project.id, location: location, deleted: deleted, after: cursor, limit: Self.chunk)
            for (index, record) in records.enumerated() {
                let place = Place(project: project.id, projectNumber: project.number, region: record.location)
                let job = try await context.stored(record)
                cursor = RunJobCursor(after: record)
                read += 1
                if isWanted(job, place) {
                    items.append((job, place))
                    bytes.add(record.definition.count)
                }
                let isLast = records.count < Self.chunk && index == records.count - 1
                if items.count == size || bytes.areEnough || read == Self.maxRead, !isLast { return (items, cursor) }
            }
            if records.count < Self.chunk { return (items, nil) }
        }
    }
}

/// How much a page of a list holds already: definitions can be large, and what is listed is held in memory.
struct ListedBytes: Sendable {
    /// Of definitions, before a page ends: many clients of gRPC take no message of more than 4 MiB.
    static let most = 3 << 20

    private let most: Int
    private var sum = 0

    init(most: Int = ListedBytes.most) { self.most = most }

    mutating func add(_ bytes: Int) { sum += bytes }

    /// Whether the page is to end.
    var areEnough: Bool { sum >= most }
}
