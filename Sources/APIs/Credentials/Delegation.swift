import Access
import Identity
import Methods

/// Who may act in the name of a service account: each in a chain in the name of the next.
struct Delegation: Sendable {
    /// More in between are not looked at.
    static let maximumDelegates = 10
    /// As many of those who act in each other's names a token remembers: the first, who began it, and the last.
    static let longestMemory = 24
    private static let implicit: Permission = "iam.serviceAccounts.implicitDelegation"

    let accounts: any ServiceAccountKeys

    /// An account that a caller may act in the name of.
    struct Target {
        let account: ServiceAccountIdentity
        /// The caller, after those who took the caller's own token, and the delegates: each acts in the name of the next,
        /// and the last in the account's.
        let chain: [Principal]
    }

    /// The account that a request names, once the caller is found to hold `permission` on it: by itself, or the last
    /// of its delegates, each of which the one before may delegate to.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a malformed name, `PERMISSION_DENIED` for a missing hop, which is the same for
    ///   an account that does not exist, and `FAILED_PRECONDITION` for one that is disabled.
    func target(
        _ name: String, delegates: [String], _ permission: Permission, _ call: Call
    ) async throws -> Target {
        guard delegates.count <= Self.maximumDelegates else {
            throw ServiceError.invalidArgument(
                "At most \(Self.maximumDelegates) delegates can be named.", field: "delegates")
        }
        let target = try Self.account(in: name, field: "name")
        let named = try delegates.enumerated().map { index, name in
            try Self.account(in: name, field: "delegates[\(index)]", orBare: true)
        }
        var principal = try call.principal()
        var chain = (call.caller?.delegation ?? []) + [principal.withoutAttributes]
        for delegate in named {
            let account = try await step(from: principal, to: delegate, Self.implicit, call)
            principal = .serviceAccount(account.email, uniqueID: account.uniqueID)
            chain.append(principal)
        }
        let account = try await step(from: principal, to: target, permission, call)
        try await call.gatekeeper.requireEnabled(service: CredentialsAPI.service, project: account.project)
        return Target(account: account, chain: Self.remembered(chain))
    }

    private func step(
        from principal: Principal, to named: String, _ permission: Permission, _ call: Call
    ) async throws -> ServiceAccountIdentity {
        let account = try await accounts.account(named)
        let resource = Resource.serviceAccount(email: account?.email ?? named, project: "-")
        try await call.gatekeeper.admit(
            principal, permission, on: resource, service: nil, in: RequestContext(time: call.time),
            record: call.record
        ) { denial in
            .permissionDenied(
                denial,
                message: "Permission '\(denial.permission)' denied on resource (or it may not exist).")
        }
        guard let account else { throw ServiceError.notFound("Unknown service account") }
        guard !account.isDisabled else {
            throw ServiceError.failedPrecondition("Service account \(account.email) is disabled.")
        }
        return account
    }

    private static func remembered(_ chain: [Principal]) -> [Principal] {
        chain.count <= longestMemory ? chain : chain.prefix(1) + chain.suffix(longestMemory - 1)
    }

    /// The address or unique id in a name; the only project that a name may have is `-`.
    private static func account(in name: String, field: String, orBare: Bool = false) throws -> String {
        let prefix = "projects/-/serviceAccounts/"
        let text = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        guard name.hasPrefix(prefix) || (orBare && !name.contains("/")), let account = canonical(text) else {
            throw ServiceError.invalidArgument(
                "'\(name.prefix(200))' names no service account: projects/-/serviceAccounts/ and its e-mail address "
                    + "or unique id.", field: field)
        }
        return account
    }

    private static func canonical(_ text: String) -> String? {
        let isNumber = (1...30).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? text : EmailAddress.canonical(text)
    }
}

extension Principal {
    /// Who it is, without what decides what it may do.
    fileprivate var withoutAttributes: Principal {
        guard case .federated(let identity) = self else { return self }
        return .federated(FederatedIdentity(pool: identity.pool, subject: identity.subject))
    }
}
