import Access
import Directory
import FoundationEssentials
import Methods
import Schema

/// Policy Troubleshooter: whether a principal may do something, and which policies say so. Version 3 knows deny policies;
/// the earlier ones, v1 and gcloud's v2alpha1, know allow policies alone.
///
/// Callers see the policies that they may read; what of the answer rests on others is said to be unknown.
public enum PolicyTroubleshooterAPI {
    /// The API over a directory.
    public static func api(directory: Directory) -> API {
        API(
            service: "policytroubleshooter.googleapis.com", title: "Policy Troubleshooter API", mustBeEnabled: false,
            methods: [third(directory), first(directory), second(directory)])
    }

    private static func third(_ directory: Directory) -> any Method {
        UnaryMethod<TroubleshootRequest, TroubleshootResponse>(
            "google.cloud.policytroubleshooter.iam.v3.PolicyTroubleshooter.TroubleshootIamPolicy",
            .post("/v3/iam:troubleshoot", body: "*"), .post("/v3beta/iam:troubleshoot", body: "*"),
            access: .byHandler("each policy is shown to those who may read it")
        ) { request, call in
            let context = request.accessTuple.conditionContext.request
            let time = context.hasReceiveTime ? try ReceiveTime.date(context.receiveTime) : call.time
            let question = try Question(request.accessTuple, state: directory.state, at: time)
            let visible = try await VisiblePolicies(question, for: call)
            return Answer(question, about: request.accessTuple, visible).response
        }
    }

    private static func first(_ directory: Directory) -> any Method {
        UnaryMethod<
            Google_Cloud_Policytroubleshooter_V1_TroubleshootIamPolicyRequest,
            Google_Cloud_Policytroubleshooter_V1_TroubleshootIamPolicyResponse
        >(
            "google.cloud.policytroubleshooter.v1.IamChecker.TroubleshootIamPolicy",
            .post("/v1/iam:troubleshoot", body: "*"),
            access: .byHandler("each policy is shown to those who may read it")
        ) { request, call in
            let question = try Question(request.accessTuple, state: directory.state, at: call.time)
            let visible = try await VisiblePolicies(question, for: call)
            let answer = AnswerV1(question, visible, evaluatesConditions: false)
            return .with {
                $0.access = answer.access
                $0.explainedPolicies = answer.explainedPolicies
            }
        }
    }

    private static func second(_ directory: Directory) -> any Method {
        UnaryMethod<
            Google_Cloud_Policytroubleshooter_V2alpha1_TroubleshootIamPolicyRequest,
            Google_Cloud_Policytroubleshooter_V2alpha1_TroubleshootIamPolicyResponse
        >(
            "google.cloud.policytroubleshooter.v2alpha1.IamChecker.TroubleshootIamPolicy",
            .post("/v2alpha1/iam:troubleshoot", body: "*"),
            access: .byHandler("each policy is shown to those who may read it")
        ) { request, call in
            let context = request.accessTuple.conditionContext.request
            let time = context.hasReceiveTime ? try ReceiveTime.date(context.receiveTime) : call.time
            let question = try Question(request.accessTuple, state: directory.state, at: time)
            let visible = try await VisiblePolicies(question, for: call)
            let answer = AnswerV1(question, visible, evaluatesConditions: true)
            return .with {
                $0.access = answer.access
                $0.explainedPolicies = answer.explainedPolicies
            }
        }
    }
}
