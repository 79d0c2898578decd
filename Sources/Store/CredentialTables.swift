import GRDB

extension Migrations {
    static func createCredentials(_ database: Database) throws {}
}
