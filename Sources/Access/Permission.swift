/// The right to do one thing, such as `batch.jobs.create`: `service.resource.verb`.
public struct Permission: Hashable, Sendable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The whole name: `batch.jobs.create`.
    public let name: String

    /// Takes any text: whether somebody holds it is for the roles to say.
    public init(_ name: String) { self.name = name }
    /// Takes a name that is written in the code.
    public init(stringLiteral name: String) { self.name = name }
    /// The name.
    public var description: String { name }
}

extension Permission {
    /// What comes before the verb: `batch.jobs`, or `iam.googleapis.com/workloadIdentityPools`.
    public var resource: Substring { name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[..<$0] } ?? name[...] }

    /// `create` in `batch.jobs.create`.
    public var verb: Substring {
        name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[name.utf8.index(after: $0)...] } ?? ""
    }

    /// `batch` in `batch.jobs.create`.
    public var service: Substring { name.utf8.firstIndex(of: UInt8(ascii: ".")).map { name[..<$0] } ?? name[...] }

    /// Whether it lets one look and no more. What gives another's identity or a secret's value is more than a look.
    public var isReading: Bool { Self.isReading(verb: String(verb)) }

    static func isReading(verb: String) -> Bool {
        !verb.hasSuffix("Token") && readingVerbs.contains { verb.hasPrefix($0) }
    }

    private static let readingVerbs = [
        "analyze", "download", "export", "get", "list", "lookup", "query", "read", "search", "test", "validate", "view",
    ]
}
