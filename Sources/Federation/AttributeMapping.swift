import Access
import Conditions

/// Makes an identity of a token's claims, as a provider says.
struct AttributeMapping: Sendable {
    /// The longest subject, in bytes.
    static let longestSubject = 127
    static let subject = "google.subject"
    static let groups = "google.groups"
    static let customPrefix = "attribute."

    let provider: IdentityProvider

    /// All that the provider maps may have so many bytes together (IAM's reference).
    private var largest: Int {
        switch provider.name.pool {
        case .workload: 8 << 10
        case .workforce: 4 << 10
        }
    }

    /// The identity that a token stands for.
    ///
    /// A claim that the token does not have is no error: the attribute is left out. An identity without a subject is.
    ///
    /// - Throws: `MappingError`
    func identity(of claims: [String: ClaimValue]) throws(MappingError) -> FederatedIdentity {
        let assertion = ["assertion": ClaimValue.map(claims)]
        var identity = FederatedIdentity(pool: provider.name.pool, subject: "")
        for (key, expression) in provider.attributeMapping.sorted(by: { $0.key < $1.key }) {
            guard let value = try value(of: expression, for: key, assertion) else { continue }
            if key == Self.subject {
                identity.subject = try Self.text(value, of: key)
            } else if key == Self.groups {
                identity.groups = try Self.texts(value, of: key)
            } else if key.hasPrefix(Self.customPrefix) {
                identity.attributes[String(key.dropFirst(Self.customPrefix.count))] = try Self.text(value, of: key)
            }
        }
        try check(identity, assertion)
        return identity
    }

    private func value(
        of expression: String, for key: String, _ assertion: [String: ClaimValue]
    ) throws(MappingError) -> ClaimValue? {
        guard let expression = try? ClaimExpression(expression, in: .mapping) else { throw .notEvaluable(key) }
        do throws(ClaimError) {
            let value = try expression.evaluate(assertion)
            return value == .null ? nil : value
        } catch .missing {
            return nil
        } catch {
            throw .notEvaluable(key)
        }
    }

    private func check(_ identity: FederatedIdentity, _ assertion: [String: ClaimValue]) throws(MappingError) {
        let subject = identity.subject.utf8
        guard subject.count <= Self.longestSubject else { throw .subjectTooLong }
        var size = subject.count + identity.groups.reduce(0) { $0 + $1.utf8.count }
        for (name, value) in identity.attributes { size += name.utf8.count + value.utf8.count }
        guard size <= largest else { throw .tooLarge(largest) }
        guard isMet(by: identity, assertion) else { throw .conditionNotMet }
        // Control characters in a name would show something else where it is written.
        guard !subject.isEmpty, !subject.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { throw .noSubject }
    }

    /// Whether the condition is true; one that has no value for the token is not.
    private func isMet(by identity: FederatedIdentity, _ assertion: [String: ClaimValue]) -> Bool {
        guard let text = provider.attributeCondition, !text.isEmpty else { return true }
        var google: [String: ClaimValue] = ["groups": .list(identity.groups.map(ClaimValue.string))]
        if !identity.subject.isEmpty { google["subject"] = .string(identity.subject) }
        var values = assertion
        values["google"] = .map(google)
        values["attribute"] = .map(identity.attributes.mapValues(ClaimValue.string))
        return (try? ClaimExpression(text, in: .condition).evaluate(values)) == .bool(true)
    }

    /// The text of an attribute: also of a number or a truth value.
    private static func text(_ value: ClaimValue, of key: String) throws(MappingError) -> String {
        switch value {
        case .string(let text): return text
        case .bool(let value): return String(value)
        case .int(let value): return String(value)
        case .null, .double, .list, .map: throw .notEvaluable(key)
        }
    }

    private static func texts(_ value: ClaimValue, of key: String) throws(MappingError) -> [String] {
        guard case .list(let elements) = value else { return [try text(value, of: key)] }
        var texts: [String] = []
        for element in elements { texts.append(try text(element, of: key)) }
        return texts
    }
}

/// Why a token that is good stands for nobody.
public enum MappingError: Error, Hashable, Sendable {
    /// The provider's condition is false, or has no value.
    case conditionNotMet
    /// No subject came of the token.
    case noSubject
    /// The subject has more than 127 bytes.
    case subjectTooLong
    /// All attributes together have more bytes than these.
    case tooLarge(Int)
    /// An expression cannot be worked out, or gives a value of a wrong type: that of this attribute.
    case notEvaluable(String)
}
