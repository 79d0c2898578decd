import Access
import PolicyAPI
import Schema

typealias TroubleshootRequest = Google_Cloud_Policytroubleshooter_Iam_V3_TroubleshootIamPolicyRequest
typealias TroubleshootResponse = Google_Cloud_Policytroubleshooter_Iam_V3_TroubleshootIamPolicyResponse

/// What is found out about a question, as far as its caller may see it.
struct Answer {
    private let question: Question
    private let tuple: Google_Cloud_Policytroubleshooter_Iam_V3_AccessTuple
    private let visible: VisiblePolicies

    /// - Parameter tuple: the question as the caller wrote it.
    init(
        _ question: Question, about tuple: Google_Cloud_Policytroubleshooter_Iam_V3_AccessTuple,
        _ visible: VisiblePolicies
    ) {
        self.question = question
        self.tuple = tuple
        self.visible = visible
    }

    var response: TroubleshootResponse {
        .with {
            $0.accessTuple = tuple
            $0.accessTuple.permissionFqdn = question.permission.denyName
            $0.allowPolicyExplanation.allowAccessState = allowState
            // Whoever may read none is not told either what lies above, nor whether there is such a resource.
            $0.allowPolicyExplanation.explainedPolicies =
                visible.allow.isEmpty ? [] : question.holders.map(allowPolicy)
            $0.allowPolicyExplanation.relevance = .high
            $0.denyPolicyExplanation.denyAccessState = denyState
            $0.denyPolicyExplanation.explainedResources =
                visible.deny.isEmpty ? [] : question.holders.filter(\.kind.isContainer).map(denyResource)
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

    private var seesAllow: Bool { visible.isComplete(for: question) }

    /// Whether the caller sees all deny policies that count.
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
            guard visible.allow.contains(holder) else {
                $0.allowAccessState = .unknownInfo
                return
            }
            $0.fullResourceName = holder.fullName
            let policy = question.state.policy(of: holder)
            let steps = question.proof.bindings.filter { $0.boundOn == holder }
            $0.allowAccessState = steps.contains(where: \.grants) ? .granted : .notGranted
            $0.relevance = steps.contains(where: \.grants) ? .high : .normal
            $0.policy = .init(policy.rendered(requestedVersion: 3))
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
            guard visible.deny.contains(container) else {
                $0.denyAccessState = .unknownInfo
                return
            }
            $0.fullResourceName = container.fullName
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
