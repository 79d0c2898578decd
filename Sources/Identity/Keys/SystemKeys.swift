import FoundationEssentials
import Store

/// The keys that Landfall holds for service accounts and for itself: they sign JWTs, blobs and id tokens, are replaced
/// every week, and their private halves never leave the database.
///
/// Two keys of an owner are there at any time: the one that signs and the one that will, so that whoever keeps a copy
/// of the public keys has it before it is needed.
public actor SystemKeys {
    /// Owner of the keys that sign id tokens.
    static let issuer = "issuer"
    /// How long a key signs.
    static let period: TimeInterval = 7 * 86_400
    /// For so long after it has stopped to sign a key still counts: longer than anything signed is good for.
    static let afterlife: TimeInterval = 86_400
    /// Keys of so many owners are kept in memory: then all are read again.
    private static let capacity = 1000

    private let store: any CredentialStore
    private let now: @Sendable () -> Date
    private var known: [String: [Turn]] = [:]
    private var making: [String: Task<[Turn], any Error>] = [:]

    /// A key and when its turn to sign begins.
    fileprivate struct Turn {
        let key: SigningKey
        let begins: Date
    }

    /// - Parameters:
    ///   - store: where the keys are kept.
    ///   - now: the clock.
    public init(store: any CredentialStore, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.now = now
    }

    /// The key that signs for an owner now; makes what is missing.
    ///
    /// - Parameter owner: a service account's unique id, or `issuer`.
    public func signingKey(of owner: String) async throws -> SigningKey {
        let turns = try await complete(try await stored(owner), of: owner)
        guard let key = Self.current(turns, at: now())?.key else { throw KeyError.unreadable }
        return key
    }

    /// The keys of an owner whose signatures count, now or soon. None before the first signature.
    public func publicKeys(of owner: String) async throws -> [PublicKey] {
        let time = now()
        return try await stored(owner).map(\.key.publicKey).filter { $0.validity.upperBound > time }
    }

    /// Removes keys that have ended, at once and then every day, until its task is cancelled.
    ///
    /// - Parameter failed: told of each purge that did not work; the next one tries again.
    public func purgeRegularly(failed: @Sendable (any Error) -> Void) async {
        while !Task.isCancelled {
            do { try await purge() } catch { failed(error) }
            try? await Task.sleep(for: .seconds(86_400))
        }
    }

    /// Removes keys that have ended.
    func purge() async throws {
        let time = now()
        try await store.deleteSigningKeys(expiredBefore: time)
        for (owner, turns) in known { known[owner] = turns.filter { $0.key.publicKey.validity.upperBound > time } }
    }

    private func stored(_ owner: String) async throws -> [Turn] {
        if let turns = known[owner] { return turns }
        let turns = try await store.signingKeys(of: owner).map { record in
            let key = try SigningKey(
                id: record.id, privateKey: record.privateKey, certificate: record.certificate,
                validity: Self.validity(from: record.signsFrom))
            return Turn(key: key, begins: record.signsFrom)
        }
        // Keys may have been made while they were read.
        if let turns = known[owner] { return turns }
        remember(turns, of: owner)
        return turns
    }

    private func complete(_ turns: [Turn], of owner: String) async throws -> [Turn] {
        let time = now()
        if Self.current(turns, at: time) != nil, Self.next(turns, at: time) != nil { return turns }
        // Many may ask at once; the keys are made once.
        if let task = making[owner] { return try await task.value }
        let task = Task { try await make(after: turns, of: owner, at: time) }
        making[owner] = task
        defer { making[owner] = nil }
        let all = try await task.value
        remember(all, of: owner)
        return all
    }

    private func make(after turns: [Turn], of owner: String, at time: Date) async throws -> [Turn] {
        var made: [Turn] = []
        var begins = Self.current(turns, at: time)?.begins
        if begins == nil {
            made.append(try await turn(of: owner, beginning: time))
            begins = time
        }
        if Self.next(turns, at: time) == nil, let begins {
            made.append(try await turn(of: owner, beginning: begins + Self.period))
        }
        try await store.insertSigningKeys(made.map { $0.record(owner: owner) })
        return turns + made
    }

    private func turn(of owner: String, beginning begins: Date) async throws -> Turn {
        let key = try await SigningKey.make(subject: owner, validity: Self.validity(from: begins))
        return Turn(key: key, begins: begins)
    }

    private func remember(_ turns: [Turn], of owner: String) {
        if known.count >= Self.capacity { known = [:] }
        known[owner] = turns
    }

    private static func validity(from begins: Date) -> Range<Date> { begins..<begins + period + afterlife }

    private static func current(_ turns: [Turn], at time: Date) -> Turn? {
        turns.last { $0.begins <= time && time < $0.begins + period }
    }

    private static func next(_ turns: [Turn], at time: Date) -> Turn? {
        turns.last { $0.begins > time }
    }
}

extension SystemKeys.Turn {
    fileprivate func record(owner: String) -> SigningKeyRecord {
        SigningKeyRecord(
            id: key.id, owner: owner, privateKey: key.privateKeyDER, certificate: key.publicKey.certificate,
            signsFrom: begins, expiresAt: key.publicKey.validity.upperBound)
    }
}
