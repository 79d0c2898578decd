import Access
import PolicyAPI
import Schema
import SwiftProtobuf

private typealias Wire = Google_Cloud_Policytroubleshooter_Iam_V3_AllowBindingExplanation

/// How one binding came out.
struct BindingAnswer {
    private let step: BindingStep
    private let binding: Binding
    private let question: Question

    init(_ step: BindingStep, _ binding: Binding, _ question: Question) {
        self.step = step
        self.binding = binding
        self.question = question
    }

    var message: Google_Cloud_Policytroubleshooter_Iam_V3_AllowBindingExplanation {
        .with {
            $0.allowAccessState = step.grants ? .granted : .notGranted
            $0.role = step.role
            $0.rolePermission = step.containsPermission ? .rolePermissionIncluded : .rolePermissionNotIncluded
            $0.rolePermissionRelevance = step.containsPermission ? .high : .normal
            $0.combinedMembership = membership(step.member != nil)
            for text in binding.members {
                let isMeant = Member(text).map { question.state.access.isMeant(question.principal, by: $0) } ?? false
                $0.memberships[text] = membership(isMeant)
            }
            $0.relevance = step.grants ? .high : .normal
            if let condition = binding.condition { $0.condition = .init(condition) }
            if let condition = step.condition { $0.conditionExplanation = .init(condition) }
        }
    }

    private func membership(_ isMeant: Bool) -> Wire.AnnotatedAllowMembership {
        .with {
            $0.membership = isMeant ? .membershipMatched : .membershipNotMatched
            $0.relevance = isMeant ? .high : .normal
        }
    }
}

extension Google_Cloud_Policytroubleshooter_Iam_V3_ConditionExplanation {
    /// How a condition came out.
    init(_ step: ConditionStep) {
        self.init()
        switch step.outcome {
        case .satisfied: value = Google_Protobuf_Value(boolValue: true)
        case .unsatisfied: value = Google_Protobuf_Value(boolValue: false)
        case .failed:
            errors = [
                .with {
                    $0.code = 3
                    $0.message = step.explanation
                }
            ]
        }
    }
}
