import Access
import Directory
import Methods
import Schema

/// Policy Troubleshooter, v3: whether a principal may do something, and which policies say so.
///
/// Callers see the policies that they may read; what of the answer rests on others is said to be unknown.
public enum PolicyTroubleshooterAPI {
    /// The API over a directory.
    public static func api(directory: Directory) -> API {
        API(
            service: "policytroubleshooter.googleapis.com", title: "Policy Troubleshooter API", mustBeEnabled: false,
            methods: [troubleshoot(directory)])
    }

    private static func troubleshoot(_ directory: Directory) -> any Method {
        UnaryMethod<TroubleshootRequest, TroubleshootResponse>(
            "google.cloud.policytroubleshooter.iam.v3.PolicyTroubleshooter.TroubleshootIamPolicy",
            .post("/v3/iam:troubleshoot", body: "*"), .post("/v3beta/iam:troubleshoot", body: "*"),
            access: .byHandler("each policy is shown to those who may read it")
        ) { request, call in
            let question = try Question(request.accessTuple, state: directory.state, at: call.time)
            let visible = try await VisiblePolicies(question, for: call)
            return Answer(question, visible).response
        }
    }
}
