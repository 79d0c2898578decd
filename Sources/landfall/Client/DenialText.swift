import Foundation
import Schema

/// A refusal in words: what was asked, what was looked at in order, what came close, and what would help.
struct DenialText {
    private let denial: Landfall_Denials_V1_Denial

    init(_ denial: Landfall_Denials_V1_Denial) {
        self.denial = denial
    }

    /// Lines for a terminal.
    var text: String {
        ([question] + [denyRules, policies, nearMisses, remedies, lifting, leftOut].filter { !$0.isEmpty })
            .map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var question: [String] {
        var lines = [
            "\(denial.principal) lacks \(denial.permission)", "on \(denial.resource)",
        ]
        if !denial.canonicalResource.isEmpty, denial.canonicalResource != denial.resource {
            lines.append("which is \(denial.canonicalResource)")
        }
        let caller = denial.caller == denial.principal ? "" : "\(denial.caller) "
        lines.append("\(caller)called \(denial.method) at \(denial.time.date.formatted(.iso8601))")
        if !denial.message.isEmpty { lines.append("and was told: \(denial.message)") }
        return lines + cause
    }

    private var cause: [String] {
        switch denial.cause {
        case .unspecified, .UNRECOGNIZED: []
        case .notGranted: ["Cause: nothing grants it."]
        case .noResource: ["Cause: there is no such resource, or no such project."]
        case .denyRule: ["Cause: \(denial.causeDetail) denies it, whatever is granted."]
        case .projectDeleted: ["Cause: \(denial.causeDetail) is marked for deletion."]
        case .accountDisabled: ["Cause: the service account is disabled."]
        case .accountGone: ["Cause: the service account was deleted."]
        case .constraint: ["Cause: \(denial.causeDetail) forbids it, whatever is granted."]
        }
    }

    private var denyRules: [String] {
        guard !denial.denyRules.isEmpty else { return [] }
        return ["Deny rules that were looked at:"]
            + denial.denyRules.map { rule in
                var reasons = [rule.hasPermission_p ? "about this permission" : "about other permissions"]
                reasons.append(rule.member.isEmpty ? "not about the caller" : "about the caller as \(rule.member)")
                if !rule.exception.isEmpty { reasons.append("but with an exception for \(rule.exception)") }
                if rule.hasCondition { reasons.append(Self.text(rule.condition)) }
                let mark = rule.applies ? "denies" : "does not apply"
                return "  \(rule.resource.place), policy \(rule.policy), rule \(rule.rule): \(mark): "
                    + reasons.joined(separator: ", ")
            }
    }

    private var policies: [String] {
        guard !denial.policies.isEmpty else { return [] }
        return ["Policies that were looked at:"]
            + denial.policies.flatMap { policy -> [String] in
                let count = policy.bindingCount == 1 ? "1 binding" : "\(policy.bindingCount) bindings"
                let nothing = policy.bindings.isEmpty ? ", none about this permission or the caller" : ""
                return ["  \(policy.resource.place): \(count)\(nothing)"] + policy.bindings.map(Self.text)
            }
    }

    private static func text(_ binding: Landfall_Denials_V1_BindingStep) -> String {
        var reasons = [binding.hasPermission_p ? "has the permission" : "lacks the permission"]
        reasons.append(binding.member.isEmpty ? "is not the caller's" : "is the caller's by \(binding.member)")
        if binding.hasCondition { reasons.append(text(binding.condition)) }
        return "    \(binding.role) " + reasons.joined(separator: ", ")
    }

    private static func text(_ condition: Landfall_Denials_V1_ConditionStep) -> String {
        let outcome =
            switch condition.outcome {
            case .satisfied: "holds"
            case .unsatisfied: "does not hold"
            case .failed, .unspecified, .UNRECOGNIZED: "cannot be evaluated"
            }
        return "its condition \(outcome): \(condition.explanation)"
    }

    private var nearMisses: [String] {
        guard !denial.nearMisses.isEmpty else { return [] }
        return ["What came close:"]
            + denial.nearMisses.map { miss in
                let place = miss.resource.place
                return switch miss.kind {
                case .condition: "  \(miss.role) on \(place): \(Self.text(miss.condition))"
                case .formerPrincipal:
                    "  \(miss.role) on \(place) is granted to \(miss.member), an earlier account of this address"
                case .group: "  \(miss.role) on \(place) is granted to \(miss.member), in which the caller is not"
                case .elsewhere: "  \(miss.role) is the caller's on \(place)"
                case .otherRole, .unspecified, .UNRECOGNIZED:
                    "  \(miss.role) on \(place) is the caller's, but lacks the permission"
                }
            }
    }

    private static let mostRemedies = 5

    private var lifting: [String] {
        guard !denial.liftingCommand.isEmpty else { return [] }
        let further = denial.obstacle.isEmpty ? "" : "Also, \(denial.obstacle) forbids it, whatever is granted. "
        return [further + "What takes that away:", "  \(denial.liftingCommand)"]
    }

    private var remedies: [String] {
        let remedies = denial.remedies.filter { !$0.command.isEmpty }
        guard !remedies.isEmpty, denial.cause != .noResource else { return [] }
        let heading =
            switch denial.cause {
            case .denyRule, .constraint: "Grants that give the permission, once nothing forbids it, the smallest first:"
            default: "Grants that give the permission, the smallest first:"
            }
        let others = remedies.count - Self.mostRemedies
        return [heading] + remedies.prefix(Self.mostRemedies).map { "  \($0.command)" }
            + (others > 0 ? ["  and \(others) more: --format json"] : [])
    }

    private var leftOut: [String] {
        denial.partial
            ? ["What policies say is shown to those who may read them, and to the owner of the installation."] : []
    }
}

extension String {
    /// A resource's full name without its service: `projects/demo`.
    fileprivate var place: String {
        guard hasPrefix("//"), let slash = dropFirst(2).firstIndex(of: "/") else { return self }
        return String(self[index(after: slash)...])
    }
}
