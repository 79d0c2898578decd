import Access
import Directory
import FoundationEssentials
import Methods
import Schema

/// What a client says of a secret.
struct SecretFields: Sendable {
    private static let longestAnnotations = 16 << 10
    private static let mostAliases = 50
    /// Seconds that a secret lasts at least when its end is set.
    private static let shortestLife: TimeInterval = 60
    /// The end of the year 9999, where timestamps end.
    private static let latestEnd = Date(timeIntervalSince1970: 253_402_300_799)

    let locations: [String]
    let labels: [String: String]
    let annotations: [String: String]
    let aliases: [String: Int64]
    let expiresAt: Date?

    /// Reads the fields of a secret that is to be made, or is changed.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ message: Google_Cloud_Secretmanager_V1_Secret, at now: Date) throws {
        try LabelRules.check(message.labels, field: "secret.labels")
        let size = message.annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size < Self.longestAnnotations else {
            throw ServiceError.invalidArgument(
                "Annotations have less than \(Self.longestAnnotations) bytes in all.", field: "secret.annotations")
        }
        locations = message.replication.userManaged.replicas.map(\.location)
        labels = message.labels
        annotations = message.annotations
        aliases = message.versionAliases
        try Self.check(aliases)
        expiresAt = try Self.end(message, at: now)
    }

    /// Makes sure that a new secret says where its values are to lie.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func checkReplication(_ message: Google_Cloud_Secretmanager_V1_Secret) throws {
        switch message.replication.replication {
        case .automatic?: return
        case .userManaged(let managed)?
        where (1...100).contains(managed.replicas.count) && managed.replicas.allSatisfy { isLocation($0.location) }:
            return
        case .userManaged?:
            throw ServiceError.invalidArgument(
                "The replication names no location such as us-central1, or more than 100.", field: "secret.replication")
        case nil:
            throw ServiceError.invalidArgument(
                "The replication of the secret is missing: automatic, or userManaged.", field: "secret.replication")
        }
    }

    private static func isLocation(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
    }

    private static func check(_ aliases: [String: Int64]) throws {
        guard aliases.count <= mostAliases else {
            throw ServiceError.invalidArgument(
                "A secret has at most \(mostAliases) aliases.", field: "secret.version_aliases")
        }
        for (alias, version) in aliases.sorted(by: { $0.key < $1.key }) {
            guard SecretAlias.isValid(alias), version > 0 else {
                throw ServiceError.invalidArgument(
                    "'\(alias.prefix(100))' cannot stand for version \(version): an alias has at most 63 letters, "
                        + "digits, '-' and '_', begins with a letter and is not 'latest' or 'NEW'; a version is a "
                        + "number from 1.",
                    field: "secret.version_aliases")
            }
        }
    }

    private static func end(_ message: Google_Cloud_Secretmanager_V1_Secret, at now: Date) throws -> Date? {
        let end: Date
        switch message.expiration {
        case .expireTime(let time)?: end = time.date
        case .ttl(let life)?: end = now + life.timeInterval
        case nil: return nil
        }
        guard (now + shortestLife...latestEnd).contains(end) else {
            throw ServiceError.invalidArgument(
                "A secret lasts a minute at least, and until the end of the year 9999 at most.",
                field: "secret.expire_time")
        }
        return end
    }

    /// A record of a new secret.
    func record(_ resource: Resource, at now: Date) -> SecretRecord {
        SecretRecord(
            resource, uid: UUID().uuidString.lowercased(), locations: locations, labels: labels,
            annotations: annotations, aliases: aliases, expiresAt: expiresAt, createdAt: now)
    }
}

/// A name of a version's own.
enum SecretAlias {
    static func isValid(_ text: String) -> Bool {
        guard (1...63).contains(text.utf8.count), !["latest", "NEW"].contains(text), let first = text.first,
            first.isLetter
        else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}
