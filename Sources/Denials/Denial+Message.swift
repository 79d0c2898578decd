import Access
import Methods
import Schema
import SwiftProtobuf

/// A refusal as it is kept and shown.
public typealias DenialMessage = Landfall_Denials_V1_Denial

extension DenialMessage {
    /// Bindings, and rules, that a kept refusal names at most: those that had to do with the question.
    static let mostSteps = 30
    /// Longer texts are cut, in characters.
    static let longestText = 500

    /// What is kept of a refusal; nil when the check was none.
    init?(_ id: String, _ check: AccessCheck, of call: EndedCall) {
        guard let denial = check.refusal else { return nil }
        self.init()
        name = "denials/\(id)"
        time = Google_Protobuf_Timestamp(date: call.time)
        principal = denial.principal.member
        caller = call.caller?.principal.member ?? principal
        service = call.service
        method = call.method
        permission = String(check.permission.name.prefix(Self.longestText))
        resource = check.named.fullName.cut
        canonicalResource = check.resource.fullName.cut
        message = (call.error?.message ?? "").cut
        (cause, causeDetail) = Self.cause(denial.cause)
        liftingCommand = (check.proof?.obstacle ?? denial.cause).liftingCommand(about: check.named)
        remedies = denial.remedies.map { Landfall_Denials_V1_Remedy($0, for: denial.principal) }
        guard let proof = check.proof else { return }
        if let obstacle = proof.obstacle { self.obstacle = Self.cause(obstacle).1 }
        if cause == .notGranted, !proof.resourceExists { cause = .noResource }
        denyRules = proof.denyRules.filter { $0.matchesPermission || $0.member != nil }
            .prefix(Self.mostSteps).map(Landfall_Denials_V1_DenyRuleStep.init)
        policies = Self.policies(proof.bindings)
        nearMisses = proof.nearMisses.map(Landfall_Denials_V1_NearMiss.init)
    }

    private static func cause(_ cause: Access.Denial.Cause) -> (Cause, String) {
        switch cause {
        case .notGranted: (.notGranted, "")
        case .projectDeleted(let number): (.projectDeleted, "projects/\(number)")
        case .denied(let rule): (.denyRule, "rule \(rule.rule) of \(rule.policy) on \(rule.resource.path)")
        case .accountDisabled: (.accountDisabled, "")
        case .accountGone: (.accountGone, "")
        case .constraint(let name, let project): (.constraint, "constraints/\(name) on projects/\(project)")
        }
    }

    /// The policies in their order, each with what had to do with the question.
    private static func policies(_ steps: [Access.BindingStep]) -> [Landfall_Denials_V1_PolicyStep] {
        var policies: [Landfall_Denials_V1_PolicyStep] = []
        var room = mostSteps
        for step in steps {
            if policies.last?.resource != step.boundOn.fullName {
                policies.append(.with { $0.resource = step.boundOn.fullName })
            }
            policies[policies.count - 1].bindingCount += 1
            guard room > 0, step.containsPermission || step.member != nil else { continue }
            policies[policies.count - 1].bindings.append(Landfall_Denials_V1_BindingStep(step))
            room -= 1
        }
        return policies
    }
}

extension Landfall_Denials_V1_BindingStep {
    fileprivate init(_ step: Access.BindingStep) {
        self.init()
        index = Int32(clamping: step.index)
        role = step.role
        hasPermission_p = step.containsPermission
        member = step.member?.text ?? ""
        if let condition = step.condition { self.condition = Landfall_Denials_V1_ConditionStep(condition) }
    }
}

extension Landfall_Denials_V1_ConditionStep {
    fileprivate init(_ step: Access.ConditionStep) {
        self.init()
        outcome =
            switch step.outcome {
            case .satisfied: .satisfied
            case .unsatisfied: .unsatisfied
            case .failed: .failed
            }
        explanation = step.explanation.cut
    }
}

extension Landfall_Denials_V1_DenyRuleStep {
    fileprivate init(_ step: Access.DenyRuleStep) {
        self.init()
        resource = step.rule.resource.fullName
        policy = step.rule.policy
        rule = Int32(clamping: step.rule.rule)
        hasPermission_p = step.matchesPermission
        member = step.member?.text ?? ""
        exception = step.exception?.text ?? ""
        if let condition = step.condition { self.condition = Landfall_Denials_V1_ConditionStep(condition) }
        applies = step.applies
    }
}

extension Landfall_Denials_V1_NearMiss {
    fileprivate init(_ miss: Access.NearMiss) {
        self.init()
        let place: Resource
        switch miss {
        case .condition(let step):
            (kind, role, place) = (.condition, step.role, step.boundOn)
            if let condition = step.condition { self.condition = Landfall_Denials_V1_ConditionStep(condition) }
        case .former(let tombstone, let role, let resource):
            (kind, self.role, place) = (.formerPrincipal, role, resource)
            member = Member.deleted(tombstone).text
        case .group(let group, let role, let resource):
            (kind, self.role, place) = (.group, role, resource)
            member = Member.group(group).text
        case .elsewhere(let role, let resource): (kind, self.role, place) = (.elsewhere, role, resource)
        case .otherRole(let role, let resource): (kind, self.role, place) = (.otherRole, role, resource)
        }
        self.resource = place.fullName
    }
}

extension String {
    fileprivate var cut: String {
        count <= DenialMessage.longestText ? self : prefix(DenialMessage.longestText) + "…"
    }
}
