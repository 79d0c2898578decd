import Conditions

/// Which conditions a binding may have.
enum ConditionRules {
    /// Checks the condition of a binding, and writes it as it is kept.
    static func canonical(
        _ condition: PolicyCondition, role: String, field: String
    ) throws(PolicyError) -> PolicyCondition {
        guard RoleCatalog.predefined[role]?.isBasic != true else {
            throw PolicyError(message: "Conditions are not allowed on basic roles such as \(role).", field: field)
        }
        guard (1...PolicyLimits.conditionTitle).contains(condition.title.utf8.count) else {
            throw PolicyError(
                message: "A condition needs a title of at most \(PolicyLimits.conditionTitle) bytes.",
                field: "\(field).title")
        }
        guard condition.description.utf8.count <= PolicyLimits.conditionDescription else {
            throw PolicyError(
                message: "The description of a condition has at most \(PolicyLimits.conditionDescription) bytes.",
                field: "\(field).description")
        }
        try check(condition.expression, vocabulary: .all, field: field)
        return condition
    }

    /// Checks a member of a binding with a condition.
    static func check(_ member: Member, field: String) throws(PolicyError) {
        guard member != .allUsers, member != .allAuthenticatedUsers else {
            throw PolicyError(message: "Conditions are not allowed in a binding with \(member.text).", field: field)
        }
    }
}

extension ConditionRules {
    /// Checks the condition of a deny rule or of an organization policy: it may look at tags alone.
    static func checkTagsOnly(_ condition: PolicyCondition, field: String) throws(PolicyError) {
        try check(condition.expression, vocabulary: .tags, field: field)
    }

    private static func check(
        _ expression: String, vocabulary: Condition.Vocabulary, field: String
    ) throws(PolicyError) {
        do {
            _ = try Condition(expression, vocabulary: vocabulary)
        } catch {
            throw PolicyError(message: error.policyMessage, field: "\(field).expression")
        }
    }
}
