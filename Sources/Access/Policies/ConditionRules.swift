import Conditions

/// Which conditions a binding may have.
enum ConditionRules {
    /// Checks the condition of a binding.
    ///
    /// - Parameter known: the expressions that are known to be right; this one is added.
    static func check(
        _ condition: PolicyCondition, role: String, known: inout Set<String>, field: String
    ) throws(PolicyError) {
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
        guard !known.contains(condition.expression) else { return }
        try check(condition.expression, vocabulary: .all, field: field)
        known.insert(condition.expression)
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
