import GRDB

extension Migrations {
    static func createJobs(_ database: Database) throws {}
}
