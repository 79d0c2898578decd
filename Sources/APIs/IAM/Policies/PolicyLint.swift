import Access
import Conditions
import Methods
import Schema

/// `iamPolicies.lintPolicy`: what speaks against a condition before anybody binds it.
enum PolicyLint {
    static let methods: [any Method] = [
        UnaryMethod<Google_Iam_Admin_V1_LintPolicyRequest, Google_Iam_Admin_V1_LintPolicyResponse>(
            "\(IAMAPI.name).LintPolicy", .post("/v1/iamPolicies:lintPolicy", body: "*"),
            access: .anyCaller("the answer follows from the request alone")
        ) { request, call in
            guard case .condition(let condition)? = request.lintObject else {
                throw ServiceError.invalidArgument("There is no condition to look at.", field: "condition")
            }
            var service: String?
            if !request.fullResourceName.isEmpty {
                service = try FullResourceName(request.fullResourceName).resource.service
            }
            let findings = Condition.lint(
                condition.expression, service: service, now: Timestamp(seconds: Int64(call.time.timeIntervalSince1970)))
            return .with { $0.lintResults = findings.map(Google_Iam_Admin_V1_LintResult.init) }
        }
    ]
}

extension Google_Iam_Admin_V1_LintResult {
    fileprivate init(_ finding: Finding) {
        self.init()
        level = .condition
        validationUnitName = finding.check.rawValue
        fieldName = "condition.expression"
        locationOffset = Int32(clamping: finding.location.offset)
        debugMessage = finding.message
        severity =
            switch finding.severity {
            case .error: .error
            case .warning: .warning
            case .notice: .notice
            }
    }
}
