import GRDB

/// The tables, step by step: a step that was ever released is never changed, only followed by another.
enum Migrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("jobs", migrate: createJobs)
        migrator.registerMigration("directory", migrate: createDirectory)
        migrator.registerMigration("credentials", migrate: createCredentials)
        migrator.registerMigration("project lifecycle", migrate: addProjectLifecycle)
        migrator.registerMigration("records", migrate: keepRecords)
        migrator.registerMigration("account tokens", migrate: addAccountTokens)
        migrator.registerMigration("login profiles", migrate: keepLoginProfiles)
        migrator.registerMigration("federated tokens", migrate: addFederatedTokens)
        migrator.registerMigration("delegated tokens", migrate: addDelegation)
        migrator.registerMigration("logins", migrate: addLogins)
        migrator.registerMigration("clients", migrate: addClients)
        migrator.registerMigration("job APIs", migrate: addJobAPIs)
        migrator.registerMigration("run jobs", migrate: createRunJobs)
        return migrator
    }
}
