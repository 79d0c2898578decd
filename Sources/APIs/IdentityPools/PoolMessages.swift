import Access
import Directory
import FoundationEssentials
import Methods
import Schema
import SwiftProtobuf

/// A pool as clients write and see it, in either API.
protocol PoolMessage: Message, Sendable {
    static var family: PoolFamily { get }

    var name: String { get set }
    var displayName: String { get set }
    // The name that the generated messages have.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var description_p: String { get set }
    var disabled: Bool { get set }
    var hasSessionDuration: Bool { get }
    var sessionDuration: Google_Protobuf_Duration { get set }
    var expireTime: Google_Protobuf_Timestamp { get set }

    /// Makes sure that nothing is asked for that no pool does here.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    func checkSupport() throws

    /// Says in what state the pool is, and what only this API tells of one.
    mutating func complete(_ record: IdentityPoolRecord)
}

extension PoolMessage {
    /// A pool as it is kept.
    init(_ record: IdentityPoolRecord) {
        self.init()
        name = record.key
        displayName = record.displayName
        description_p = record.about
        disabled = record.isDisabled
        if let seconds = record.sessionSeconds { sessionDuration = .init(seconds: Int64(seconds)) }
        if let end = record.expiresAt { expireTime = .init(seconds: Int64(end.timeIntervalSince1970)) }
        complete(record)
    }

    /// The fields that a client writes.
    static var paths: [String] { ["display_name", "description", "disabled", "session_duration"] }

    /// Puts fields of the message into a record.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    func apply(_ paths: [String], to record: inout IdentityPoolRecord) throws {
        let field = Self.family.field
        try checkSupport()
        for path in paths {
            switch path {
            case "display_name":
                try PoolRules.check(displayName: displayName, field: field)
                record.displayName = displayName
            case "description":
                try PoolRules.check(description: description_p, field: field)
                record.about = description_p
            case "disabled": record.isDisabled = disabled
            case "session_duration":
                record.sessionSeconds =
                    hasSessionDuration ? try PoolRules.seconds(sessionDuration, of: Self.family) : nil
            default: throw PoolRules.unchangeable(path, of: Self.family.title)
            }
        }
    }
}

extension Google_Iam_V1_WorkloadIdentityPool: PoolMessage {
    static var family: PoolFamily { .workload }

    func checkSupport() throws {
        guard [.unspecified, .federationOnly].contains(mode) else {
            throw ServiceError.invalidArgument(
                "Pools of the mode TRUST_DOMAIN are not supported: only FEDERATION_ONLY.",
                field: "\(Self.family.field).mode")
        }
    }

    mutating func complete(_ record: IdentityPoolRecord) {
        state = record.deletedAt == nil ? .active : .deleted
        mode = .federationOnly
    }
}

extension Google_Iam_Admin_V1_WorkforcePool: PoolMessage {
    static var family: PoolFamily { .workforce }

    func checkSupport() throws {
        // Some clients send it without anything in it.
        guard accessRestrictions == .init() else {
            throw ServiceError.invalidArgument(
                "Access restrictions of workforce pools are not supported.",
                field: "\(Self.family.field).access_restrictions")
        }
    }

    mutating func complete(_ record: IdentityPoolRecord) {
        state = record.deletedAt == nil ? .active : .deleted
        parent = record.organization.map { "organizations/\($0)" } ?? ""
    }
}
