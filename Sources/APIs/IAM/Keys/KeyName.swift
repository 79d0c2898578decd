import Access
import Methods

/// `projects/P/serviceAccounts/A/keys/K`.
struct KeyName: Hashable, Sendable {
    let account: AccountName
    /// 40 hexadecimal digits, if there is such a key.
    let id: String

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ text: String, field: String = "name") throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[4] == "keys", (1...100).contains(parts[5].utf8.count) else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' names no key: projects/PROJECT/serviceAccounts/ACCOUNT/keys/KEY.", field: field)
        }
        account = try AccountName(parts[..<4].joined(separator: "/"), field: field)
        id = parts[5]
    }
}

extension ServiceError {
    /// A key that its account does not have.
    static func noKey(_ id: String) -> ServiceError { .notFound("Service account key \(id) does not exist.") }
}

extension AccessRule {
    /// A permission on the service account of a key that the request names.
    static func onAccountOfKey(
        _ permission: Permission, _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(permission, on: { try KeyName(name($0)).account.resource })
    }
}
