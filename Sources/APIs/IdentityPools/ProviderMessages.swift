import Directory
import Federation
import FoundationEssentials
import Identity
import Methods
import Schema
import SwiftProtobuf

/// A provider as clients write and see it, in either API.
protocol ProviderMessage: Message, Sendable {
    static var family: PoolFamily { get }
    /// The fields that its issuer is described by, each set as a whole.
    static var oidcPaths: [String] { get }

    var name: String { get set }
    var displayName: String { get set }
    // The name that the generated messages have.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var description_p: String { get set }
    var disabled: Bool { get set }
    var attributeMapping: [String: String] { get set }
    var attributeCondition: String { get set }
    var expireTime: Google_Protobuf_Timestamp { get set }

    /// Makes sure that nothing is asked for that no provider does here, such as one of another protocol.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    func checkSupport() throws

    /// Puts one of the fields of `oidcPaths` into a record.
    func applyOIDC(_ path: String, to record: inout IdentityProviderRecord) throws

    /// Checks what `ProviderRules` does not know of.
    static func check(_ record: IdentityProviderRecord) throws

    /// Says in what state the provider is, and how its issuer is described.
    mutating func complete(_ record: IdentityProviderRecord)
}

extension ProviderMessage {
    /// A provider as it is kept.
    init(_ record: IdentityProviderRecord) {
        self.init()
        name = record.key
        displayName = record.displayName
        description_p = record.about
        disabled = record.isDisabled
        attributeMapping = record.attributeMapping
        attributeCondition = record.attributeCondition ?? ""
        if let end = record.expiresAt { expireTime = .init(seconds: Int64(end.timeIntervalSince1970)) }
        complete(record)
    }

    /// Where requests have it.
    static var field: String { "\(family.field)_provider" }

    /// The fields that a client writes.
    static var paths: [String] {
        ["display_name", "description", "disabled", "attribute_mapping", "attribute_condition", "oidc"]
    }

    /// Puts fields of the message into a record, and checks the whole.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    func apply(_ paths: [String], to record: inout IdentityProviderRecord) throws {
        try checkSupport()
        for path in paths { try apply(path, to: &record) }
        try Self.check(record)
        let violations = ProviderRules.violations(of: IdentityProvider(record))
        guard violations.isEmpty else { throw ServiceError(violations, field: Self.field) }
    }

    private func apply(_ path: String, to record: inout IdentityProviderRecord) throws {
        switch path {
        case "display_name":
            try PoolRules.check(displayName: displayName, field: Self.field)
            record.displayName = displayName
        case "description":
            try PoolRules.check(description: description_p, field: Self.field)
            record.about = description_p
        case "disabled": record.isDisabled = disabled
        case "attribute_mapping": record.attributeMapping = attributeMapping
        case "attribute_condition": record.attributeCondition = attributeCondition.isEmpty ? nil : attributeCondition
        default:
            // The mask may name the whole of what is set in parts, or a part of what is set as a whole.
            let meant = Self.oidcPaths.filter { "\($0).".hasPrefix("\(path).") || path.hasPrefix("\($0).") }
            guard !meant.isEmpty else {
                throw PoolRules.unchangeable(path, of: "provider of a \(Self.family.title)")
            }
            for path in meant { try applyOIDC(path, to: &record) }
        }
    }

    /// A provider of a protocol that is not spoken here.
    static func unsupported(_ what: String, field: String) -> ServiceError {
        .invalidArgument(
            "\(what) are not supported: a provider is an issuer of OpenID Connect.", field: "\(Self.field).\(field)")
    }
}
