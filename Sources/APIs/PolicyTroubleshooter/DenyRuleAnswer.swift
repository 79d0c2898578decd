import Access
import Schema

/// How one rule of a deny policy came out.
struct DenyRuleAnswer {
    private let step: DenyRuleStep

    init(_ step: DenyRuleStep) { self.step = step }

    var message: Google_Cloud_Policytroubleshooter_Iam_V3_DenyRuleExplanation {
        .with {
            $0.denyAccessState = step.applies ? .denied : .notDenied
            $0.relevance = step.applies ? .high : .normal
            $0.combinedDeniedPermission.permissionMatchingState =
                step.matchesPermission ? .permissionPatternMatched : .permissionPatternNotMatched
            $0.combinedDeniedPrincipal.membership = step.member == nil ? .membershipNotMatched : .membershipMatched
            $0.combinedExceptionPrincipal.membership =
                step.exception == nil ? .membershipNotMatched : .membershipMatched
            if let condition = step.condition { $0.conditionExplanation = .init(condition) }
        }
    }
}
