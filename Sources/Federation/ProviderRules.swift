import Access
import Conditions

/// What a provider must be like to be taken (IAM's reference). Rules of single fields, for whoever makes or changes one.
public enum ProviderRules {
    /// One thing that is wrong.
    public struct Violation: Error, Hashable, Sendable {
        /// Which field, by its name in the API of workload identity pools.
        public var field: String
        /// One sentence for people.
        public var message: String
    }

    private static let maximumAudiences = 10
    private static let longestAudience = 256
    private static let maximumCustomAttributes = 50
    private static let longestKey = 100
    /// The keys of an issuer, as they are written, in bytes.
    private static let longestKeys = 64 << 10

    /// Whether a pool or a provider may be given this id: 4 to 32 of `a-z`, `0-9` and `-`. Those that begin with `gcp-`
    /// are Google's.
    public static func isID(_ id: String) -> Bool {
        (4...32).contains(id.utf8.count) && !id.hasPrefix("gcp-")
            && id.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
    }

    /// Whether a workforce pool may be given this id: 6 to 63 of `a-z`, `0-9` and `-`, with a letter first and no hyphen
    /// last. Those that begin with `gcp-` are Google's.
    public static func isWorkforceID(_ id: String) -> Bool {
        let bytes = id.utf8
        guard (6...63).contains(bytes.count), let first = bytes.first, (0x61...0x7A).contains(first) else {
            return false
        }
        return !id.hasPrefix("gcp-") && !id.hasSuffix("-")
            && bytes.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
    }

    /// Everything that is wrong with a provider; empty when nothing is.
    public static func violations(of provider: IdentityProvider) -> [Violation] {
        var violations: [Violation] = []
        func require(_ holds: Bool, _ field: String, _ message: String) {
            if !holds { violations.append(Violation(field: field, message: message)) }
        }
        require(
            IssuerURL(provider.issuer)?.discovery != nil, "oidc.issuer_uri",
            "Invalid OIDC issuer URI: it must be of the scheme https, or http on this machine, without a query.")
        require(
            provider.audiences.count <= maximumAudiences
                && provider.audiences.allSatisfy { (1...longestAudience).contains($0.unicodeScalars.count) },
            "oidc.allowed_audiences",
            "At most \(maximumAudiences) audiences are allowed, each of 1 to \(longestAudience) characters.")
        if case .workforce = provider.name.pool {
            require(!provider.audiences.isEmpty, "oidc.client_id", "The client's id is required.")
        }
        if let keys = provider.keys {
            require(
                keys.utf8.count <= longestKeys && KeySet(keys.utf8) != nil, "oidc.jwks_json",
                "Invalid JWKs: there must be a key of type RSA, of 2048 bits or more, or EC on P-256, with an id, and at "
                    + "most \(longestKeys) bytes in all.")
        }
        return violations + mappingViolations(of: provider)
    }

    private static func mappingViolations(of provider: IdentityProvider) -> [Violation] {
        let mapping = provider.attributeMapping
        var messages: [String] = []
        if mapping[AttributeMapping.subject] == nil {
            messages.append("The attribute mapping must have the key \(AttributeMapping.subject).")
        }
        if mapping.keys.count(where: { $0.hasPrefix(AttributeMapping.customPrefix) }) > maximumCustomAttributes {
            messages.append("At most \(maximumCustomAttributes) custom attributes can be mapped.")
        }
        for (key, expression) in mapping.sorted(by: { $0.key < $1.key }) {
            if !isKey(key, in: provider.name.pool) {
                messages.append("'\(key.prefix(longestKey))' is no attribute that can be mapped.")
            } else if let fault = fault(of: expression, in: .mapping) {
                messages.append("The mapping of \(key) is no expression: \(fault)")
            }
        }
        var violations = messages.map { Violation(field: "attribute_mapping", message: $0) }
        if let condition = provider.attributeCondition, !condition.isEmpty,
            let fault = fault(of: condition, in: .condition)
        {
            violations.append(
                Violation(field: "attribute_condition", message: "The condition is no expression: \(fault)"))
        }
        return violations
    }

    private static func isKey(_ key: String, in pool: Pool) -> Bool {
        if [AttributeMapping.subject, AttributeMapping.groups].contains(key) { return true }
        if case .workforce = pool,
            ["display_name", "profile_photo", "posix_username"].map({ "google." + $0 }).contains(key)
        {
            return true
        }
        let name = key.dropFirst(AttributeMapping.customPrefix.count).utf8
        return key.hasPrefix(AttributeMapping.customPrefix) && key.utf8.count <= longestKey && !name.isEmpty
            && name.allSatisfy { isWord($0) || $0 == UInt8(ascii: "_") }
    }

    private static func fault(of expression: String, in place: ClaimExpression.Place) -> ConditionError? {
        do throws(ConditionError) {
            _ = try ClaimExpression(expression, in: place)
            return nil
        } catch {
            return error
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
