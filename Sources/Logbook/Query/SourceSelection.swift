import GRDB

extension Source {
    /// More series than this are read through their logs instead.
    private static let mostSeries = 64

    /// The sources that together have every entry that the query can match.
    static func selected(by query: LogQuery, _ database: Database) throws -> [Source] {
        guard !query.views.isEmpty, !query.filter.plan.isEmpty else { return [] }
        let all = try series(query, database)
        let series = all.filter { row in
            let name = LogName(LogParent(key: row["project"]), logID: row["log_id"])
            guard query.views.contains(where: { $0.shows(name) }) else { return false }
            let entry = LogEntry.with {
                $0.logName = name.description
                $0.resource.type = row["resource_type"]
                let job: String = row["job_uid"]
                if !job.isEmpty { $0.labels["job_uid"] = job }
            }
            return query.filter.plan.series.allSatisfy { $0.matches(entry) }
        }
        guard series.count > mostSeries else {
            return series.map { Source(kind: .series, id: $0["id"], log: $0["log"]) }
        }
        return Set(series.map { row -> Int64 in row["log"] }).sorted().map { Source(kind: .log, id: $0, log: $0) }
    }

    private static func series(_ query: LogQuery, _ database: Database) throws -> [GRDB.Row] {
        var arguments = StatementArguments(query.views.map(\.parent.key))
        var condition = "logs.project IN (\(marks(query.views.count)))"
        if let jobs = query.filter.plan.jobs {
            condition += " AND series.job_uid COLLATE NOCASE IN (\(marks(jobs.count)))"
            arguments += StatementArguments(jobs)
        }
        return try GRDB.Row.fetchAll(
            database,
            sql: """
                SELECT series.id, series.log, logs.project, logs.log_id, series.resource_type, series.job_uid
                FROM series JOIN logs ON logs.id = series.log WHERE \(condition)
                """, arguments: arguments)
    }

    private static func marks(_ count: Int) -> String {
        Array(repeating: "?", count: count).joined(separator: ", ")
    }
}
