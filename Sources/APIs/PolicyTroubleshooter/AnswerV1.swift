import Access
import PolicyAPI
import Schema

private typealias AccessState = Google_Cloud_Policytroubleshooter_V1_AccessState
private typealias ExplainedPolicy = Google_Cloud_Policytroubleshooter_V1_ExplainedPolicy

/// What follows from allow policies alone, as far as the caller may see them.
struct AnswerV1 {
    private let question: Question
    private let visible: VisiblePolicies
    private let evaluatesConditions: Bool

    /// - Parameter evaluatesConditions: whether a binding with a condition is said to grant or not; else what hangs on
    ///   it is said to be conditional.
    init(_ question: Question, _ visible: VisiblePolicies, evaluatesConditions: Bool) {
        self.question = question
        self.visible = visible
        self.evaluatesConditions = evaluatesConditions
    }

    /// The answer. A resource that does not exist looks like one whose policies are hidden.
    var access: Google_Cloud_Policytroubleshooter_V1_AccessState {
        let seen = access(by: question.proof.bindings.filter { visible.allow.contains($0.boundOn) })
        if seen == .granted { return seen }
        return visible.isComplete(for: question) ? seen : .unknownInfoDenied
    }

    /// The policies that it rests on, from the resource upwards; none for those who may read none of them.
    var explainedPolicies: [Google_Cloud_Policytroubleshooter_V1_ExplainedPolicy] {
        guard !visible.allow.isEmpty else { return [] }
        return question.holders.map { holder in
            guard visible.allow.contains(holder) else { return .with { $0.access = .unknownInfoDenied } }
            return explained(holder)
        }
    }

    private func explained(_ holder: Resource) -> ExplainedPolicy {
        let policy = question.state.policy(of: holder)
        let steps = question.proof.bindings.filter { $0.boundOn == holder }
        let access = access(by: steps)
        return .with {
            $0.access = access
            $0.fullResourceName = holder.fullName
            $0.policy = .init(policy.rendered(requestedVersion: 3))
            $0.relevance = access == .notGranted ? .normal : .high
            $0.bindingExplanations = steps.compactMap { step in
                policy.bindings.indices.contains(step.index) ? explained(step, policy.bindings[step.index]) : nil
            }
        }
    }

    private func explained(
        _ step: BindingStep, _ binding: Binding
    ) -> Google_Cloud_Policytroubleshooter_V1_BindingExplanation {
        .with {
            $0.access = access(by: [step])
            $0.role = step.role
            $0.rolePermission = step.containsPermission ? .included : .notIncluded
            $0.rolePermissionRelevance = step.containsPermission ? .high : .normal
            for text in binding.members {
                let isMeant = Member(text).map { question.state.access.isMeant(question.principal, by: $0) } ?? false
                $0.memberships[text] = .with {
                    $0.membership = isMeant ? .included : .notIncluded
                    $0.relevance = isMeant ? .high : .normal
                }
            }
            $0.relevance = $0.access == .notGranted ? .normal : .high
            if let condition = binding.condition { $0.condition = .init(condition) }
        }
    }

    /// What bindings give together.
    private func access(by steps: [BindingStep]) -> AccessState {
        let apt = steps.filter { $0.containsPermission && $0.member != nil }
        if apt.contains(where: { evaluatesConditions ? $0.grants : $0.condition == nil }) { return .granted }
        let isOpen = apt.contains { !evaluatesConditions || $0.condition?.outcome == .failed }
        return isOpen ? .unknownConditional : .notGranted
    }
}
