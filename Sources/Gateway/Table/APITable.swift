import Methods

/// Which API a host name stands for.
///
/// A service answers at `batch.googleapis.com`, at the same label in every private universe
/// (`batch.landfall.test`), and at both with a region in front (`us-central1-batch.googleapis.com`).
public struct APITable: Sendable {
    /// In the order of registration.
    public let apis: [API]
    /// The universes' domains, each with a leading dot, the longest first.
    private let suffixes: [String]
    private let byLabel: [String: API]

    /// - Parameters:
    ///   - apis: Two with the same first label cannot both be reached: ``RESTResponder`` refuses such a table.
    ///   - universes: Domains besides `googleapis.com`, such as `landfall.test`.
    public init(apis: [API], universes: [String]) {
        self.apis = apis
        suffixes = Set(universes.map { $0.lowercased() } + ["googleapis.com"])
            .map { "." + $0 }.sorted { ($0.count, $0) > ($1.count, $1) }
        byLabel = Dictionary(apis.map { ($0.hostLabel, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The API of a host in lower case and without port; nil when the name belongs to none.
    public func api(forHost host: String) -> API? {
        guard let label = label(ofHost: host) else { return nil }
        if let api = byLabel[label] { return api }
        return RegionalLabel(label).flatMap { byLabel[$0.service] }
    }

    /// The region that a host names: `us-central1` in `us-central1-run.googleapis.com`; nil in a global host.
    public func region(ofHost host: String) -> String? {
        guard let label = label(ofHost: host), byLabel[label] == nil else { return nil }
        return RegionalLabel(label).flatMap { byLabel[$0.service] == nil ? nil : $0.region }
    }

    /// The APIs that a host may stand for.
    ///
    /// A name inside a universe stands for one API or none. Any other host (an address, `localhost`, the server's
    /// own name) is that of a client with a plain endpoint override: there the path has to tell, over all APIs.
    public func candidates(forHost host: String) -> [API] {
        guard label(ofHost: host) != nil || suffixes.contains(where: host.hasSuffix) else { return apis }
        return api(forHost: host).map { [$0] } ?? []
    }

    /// What stands in a host where an API's region does, and is none: `us-central` in `us-central-run.googleapis.com`.
    public func unknownRegion(ofHost host: String) -> String? {
        guard api(forHost: host) == nil, let label = label(ofHost: host), let hyphen = label.lastIndex(of: "-"),
            byLabel[String(label[label.index(after: hyphen)...])] != nil
        else { return nil }
        return String(label[..<hyphen])
    }

    /// What stands before a universe's domain, if it is one label.
    private func label(ofHost host: String) -> String? {
        guard let suffix = suffixes.first(where: host.hasSuffix) else { return nil }
        let label = host.dropLast(suffix.count)
        return label.isEmpty || label.contains(".") ? nil : String(label)
    }
}

/// A host's first label with a region in it: `us-central1-run`.
struct RegionalLabel {
    let region: String
    let service: String

    /// Nil when the label does not begin with what looks like a region: `word-word9`, or with more words.
    init?(_ label: String) {
        let words = label.split(separator: "-", omittingEmptySubsequences: false)
        guard words.count >= 3, words.allSatisfy({ !$0.isEmpty }),
            let end = words.dropLast().lastIndex(where: { $0.last?.isNumber == true }), end >= 1
        else { return nil }
        region = words[...end].joined(separator: "-")
        service = words[(end + 1)...].joined(separator: "-")
    }
}
