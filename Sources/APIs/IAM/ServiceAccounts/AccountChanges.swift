import Access
import Directory
import Identity
import Methods
import Schema

/// Makes service accounts, changes them, deletes them and takes them up again.
struct AccountChanges: Sendable {
    let directory: Directory

    func create(
        _ request: Google_Iam_Admin_V1_CreateServiceAccountRequest, _ call: Call
    ) async throws -> Google_Iam_Admin_V1_ServiceAccount {
        let wanted = request.serviceAccount
        try AccountRules.check(id: request.accountID)
        try AccountRules.check(displayName: wanted.displayName)
        try AccountRules.check(description: wanted.description_p)
        let resource = try ProjectName.resource(request.name, field: "name")
        return try await directory.change { draft in
            let project = try draft.state.project(of: resource)
            guard !draft.state.access.isEnforced(.disableServiceAccountCreation, on: project.resource) else {
                throw ServiceError.failedPrecondition("Service account creation is not allowed on this project.")
            }
            let account = ServiceAccountRecord(
                email: "\(request.accountID)@\(project.id).iam.gserviceaccount.com", uniqueID: draft.newUniqueID(),
                project: project.id, displayName: wanted.displayName, about: wanted.description_p,
                createdAt: call.time)
            do {
                try draft.createAccount(account)
            } catch DirectoryError.alreadyExists {
                throw ServiceError.accountExists(request.accountID, account)
            } catch DirectoryError.limitReached(let most) {
                throw ServiceError.tooManyAccounts(most)
            }
            return .init(account)
        }
    }

    /// Changes the names of an account; nil leaves them.
    func rename(
        _ name: AccountName, displayName: String?, description: String?
    ) async throws -> Google_Iam_Admin_V1_ServiceAccount {
        if let displayName { try AccountRules.check(displayName: displayName) }
        if let description { try AccountRules.check(description: description) }
        return .init(
            try await change(name) { account in
                account.displayName = displayName ?? account.displayName
                account.about = description ?? account.about
            })
    }

    /// Suspends an account, or ends its suspension; nothing happens when that is so already.
    func setDisabled(_ isDisabled: Bool, _ name: AccountName) async throws {
        try await change(name) { $0.isDisabled = isDisabled }
    }

    func delete(_ name: AccountName, _ call: Call) async throws {
        try await directory.change { draft in
            try draft.deleteAccount(try draft.state.account(name), at: call.time)
        }
    }

    func undelete(_ name: AccountName, _ call: Call) async throws -> Google_Iam_Admin_V1_ServiceAccount {
        try await directory.change { draft in
            if let present = draft.state.userAccount(name.account) {
                throw ServiceError.failedPrecondition(
                    "Service account \(present.email) is not deleted: there is nothing to undelete.")
            }
            do {
                guard let account = try draft.undeleteAccount(name.account, at: call.time) else {
                    throw ServiceError.noAccount(name.text)
                }
                return .init(account)
            } catch DirectoryError.alreadyExists {
                throw ServiceError.failedPrecondition(
                    "Another service account has been made with the address of \(name.account): it cannot be "
                        + "undeleted beside it.")
            } catch DirectoryError.limitReached(let most) {
                throw ServiceError.tooManyAccounts(most)
            }
        }
    }

    @discardableResult
    private func change(
        _ name: AccountName, _ body: @escaping @Sendable (inout ServiceAccountRecord) -> Void
    ) async throws -> ServiceAccountRecord {
        try await directory.change { draft in
            let before = try draft.state.account(name)
            var account = before
            body(&account)
            guard account != before else { return before }
            account.etag = Etag.random()
            try draft.put(account)
            return account
        }
    }
}

extension ServiceError {
    fileprivate static func accountExists(_ id: String, _ account: ServiceAccountRecord) -> ServiceError {
        ServiceError(
            .alreadyExists, "Service account \(id) already exists within project projects/\(account.project).",
            details: [
                Google_Rpc_ResourceInfo.with { $0.resourceName = account.resource.path }
            ])
    }

    fileprivate static func tooManyAccounts(_ most: Int) -> ServiceError {
        ServiceError(
            .resourceExhausted,
            "Maximum number of service accounts on project reached. A project can have \(most).")
    }
}
