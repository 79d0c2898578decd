import GRDB

extension Migrations {
    static func createDirectory(_ database: Database) throws {}
}
