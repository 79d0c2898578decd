import Access
import Schema

/// What is found out about a question, as far as its caller may see it.
struct Answer {
    private let question: Question
    private let visible: VisiblePolicies

    init(_ question: Question, _ visible: VisiblePolicies) {
        self.question = question
        self.visible = visible
    }

    var response: TroubleshootResponse {
        .with {
            $0.accessTuple = question.tuple
            $0.accessTuple.permissionFqdn = question.permission.denyName
            $0.allowPolicyExplanation.allowAccessState = allowState
            $0.allowPolicyExplanation.explainedPolicies = question.holders.map(allowPolicy)
            $0.allowPolicyExplanation.relevance = .high
            $0.denyPolicyExplanation.denyAccessState = denyState
            $0.denyPolicyExplanation.explainedResources = question.holders.filter(\.kind.isContainer).map(denyResource)
            $0.denyPolicyExplanation.permissionDeniable = true
            $0.denyPolicyExplanation.relevance = denyState == .denied ? .high : .normal
            $0.overallAccessState = overall
        }
    }

    /// What follows from the policies that the caller sees; the whole truth where that is all of them.
    private var overall: TroubleshootResponse.OverallAccessState {
        if denyState == .denied { return .cannotAccess }
        guard seesAllow, seesDeny else { return .unknownInfo }
        return question.proof.decision.isAllowed ? .canAccess : .cannotAccess
    }

    /// Whether the caller sees all allow policies that count. A resource that does not exist looks like a hidden one.
    private var seesAllow: Bool { !question.holders.isEmpty && visible.allow.isSuperset(of: question.holders) }

    /// The same for deny policies.
    private var seesDeny: Bool {
        !question.holders.isEmpty && visible.deny.isSuperset(of: question.holders.filter(\.kind.isContainer))
    }

    private var allowState: Google_Cloud_Policytroubleshooter_Iam_V3_AllowAccessState {
        let seen = question.proof.bindings.filter { visible.allow.contains($0.boundOn) }
        if seen.contains(where: \.grants) { return .granted }
        return seesAllow ? .notGranted : .unknownInfo
    }

    private var denyState: Google_Cloud_Policytroubleshooter_Iam_V3_DenyAccessState {
        let seen = question.proof.denyRules.filter { visible.deny.contains($0.rule.resource) }
        if seen.contains(where: \.applies) { return .denied }
        return seesDeny ? .notDenied : .unknownInfo
    }

    private func allowPolicy(
        _ holder: Resource
    ) -> Google_Cloud_Policytroubleshooter_Iam_V3_ExplainedAllowPolicy {
        .with {
            $0.fullResourceName = holder.fullName
            guard visible.allow.contains(holder) else {
                $0.allowAccessState = .unknownInfo
                return
            }
            let policy = question.state.policy(of: holder)
            let steps = question.proof.bindings.filter { $0.boundOn == holder }
            $0.allowAccessState = steps.contains(where: \.grants) ? .granted : .notGranted
            $0.relevance = steps.contains(where: \.grants) ? .high : .normal
            $0.bindingExplanations = steps.compactMap { step in
                policy.bindings.indices.contains(step.index)
                    ? BindingAnswer(step, policy.bindings[step.index], question).message : nil
            }
        }
    }

    private func denyResource(
        _ container: Resource
    ) -> Google_Cloud_Policytroubleshooter_Iam_V3_ExplainedDenyResource {
        .with {
            $0.fullResourceName = container.fullName
            guard visible.deny.contains(container) else {
                $0.denyAccessState = .unknownInfo
                return
            }
            let steps = question.proof.denyRules.filter { $0.rule.resource == container }
            $0.denyAccessState = steps.contains(where: \.applies) ? .denied : .notDenied
            $0.relevance = steps.contains(where: \.applies) ? .high : .normal
            for policy in question.state.access.denyPolicies(on: container) {
                let own = steps.filter { $0.rule.policy == policy.id }
                $0.explainedPolicies.append(
                    .with {
                        $0.denyAccessState = own.contains(where: \.applies) ? .denied : .notDenied
                        $0.policy.name = policy.id
                        $0.policy.displayName = policy.displayName
                        $0.ruleExplanations = own.map { DenyRuleAnswer($0).message }
                    })
            }
        }
    }
}
