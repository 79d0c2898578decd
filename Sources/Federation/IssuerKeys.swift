import FoundationEssentials

/// The keys that issuers publish, asked for when they are needed and kept for a while.
///
/// Whoever can send a token can make this ask: each issuer is asked for a key that it did not have a minute ago once a
/// minute at most, and so many at a time.
public actor IssuerKeys {
    /// How long keys are used without another look, in seconds.
    private static let lifetime: TimeInterval = 3600
    /// How long an issuer is not asked again for a key that it did not have, in seconds.
    private static let pause: TimeInterval = 60
    /// How long an issuer is not asked again that could not be reached, in seconds.
    private static let retry: TimeInterval = 10
    /// Issuers that are remembered; then the one that was asked longest ago is forgotten.
    private static let capacity = 500
    /// Issuers that are asked at a time.
    private static let concurrency = 16

    private struct Entry {
        /// What the issuer said last; nil when it never did.
        var keys: KeySet?
        /// When it said so.
        var answered = Date.distantPast
        /// When it was asked, with or without an answer.
        var asked = Date.distantPast

        /// Whether it answered when it was asked.
        var isReachable: Bool { answered == asked }

        /// The key of an id, while the keys count. A clock that was set back does not make them last.
        func key(_ id: String, at time: Date) -> VerificationKey? {
            (0..<lifetime).contains(time.timeIntervalSince(answered)) ? keys?[id] : nil
        }

        /// Whether it may be asked again.
        func mayBeAsked(at time: Date) -> Bool {
            !(0..<(isReachable ? pause : retry)).contains(time.timeIntervalSince(asked))
        }
    }

    private let documents: any IssuerDocuments
    private let now: @Sendable () -> Date
    private var entries: [IssuerURL: Entry] = [:]
    private var asking: [IssuerURL: Task<KeySet?, Never>] = [:]

    /// - Parameters:
    ///   - documents: fetches what issuers publish.
    ///   - now: the clock.
    public init(documents: any IssuerDocuments, now: @escaping @Sendable () -> Date = { Date() }) {
        self.documents = documents
        self.now = now
    }

    /// The key of an id; nil when the issuer does not have it, or cannot be asked.
    func key(_ id: String, of issuer: IssuerURL) async -> VerificationKey? {
        let entry = entries[issuer] ?? Entry()
        if let key = entry.key(id, at: now()) { return key }
        guard asking[issuer] != nil || entry.mayBeAsked(at: now()) else { return nil }
        return await ask(issuer)?[id]
    }

    private func ask(_ issuer: IssuerURL) async -> KeySet? {
        if let task = asking[issuer] { return await task.value }
        guard asking.count < Self.concurrency else { return nil }
        let task = Task { [documents] in try? await Self.fetch(issuer, from: documents) }
        asking[issuer] = task
        let keys = await task.value
        asking[issuer] = nil
        remember(keys, of: issuer)
        return keys
    }

    private func remember(_ keys: KeySet?, of issuer: IssuerURL) {
        if entries.count >= Self.capacity, entries[issuer] == nil,
            let oldest = entries.min(by: { $0.value.asked < $1.value.asked })
        {
            entries[oldest.key] = nil
        }
        // What an issuer said before counts on while it cannot be reached.
        var entry = entries[issuer] ?? Entry()
        entry.asked = now()
        if let keys {
            entry.keys = keys
            entry.answered = entry.asked
        }
        entries[issuer] = entry
    }

    private struct Discovery: Decodable {
        let issuer: String
        let jwksURI: String

        private enum CodingKeys: String, CodingKey {
            case issuer
            case jwksURI = "jwks_uri"
        }
    }

    private static func fetch(_ issuer: IssuerURL, from documents: any IssuerDocuments) async throws -> KeySet? {
        guard let url = issuer.discovery else { return nil }
        let discovery = try JSONDecoder().decode(Discovery.self, from: Data(await documents.document(at: url)))
        // Another issuer's document would lend its keys to this one (OpenID Connect Discovery, 4.3).
        guard discovery.issuer == issuer.text, let keys = IssuerURL(discovery.jwksURI), issuer.mayLead(to: keys) else {
            return nil
        }
        return KeySet(try await documents.document(at: keys))
    }
}
