import Access
import FoundationEssentials
import Identity
import Methods
import Schema
import SwiftProtobuf

/// How the owner of an installation says who it is that signs in with a browser.
struct SignInMethods: Sendable {
    let signIns: SignIns
    let accounts: Accounts
    let ownership: Ownership
    /// Why no token is asked for.
    let reason: String

    var methods: [any Method] {
        [
            UnaryMethod<Landfall_Control_V1_ApproveSignInRequest, Landfall_Control_V1_SignIn>(
                "landfall.control.v1.SignIns.ApproveSignIn", .post("/v1/signIns:approve", body: "*"),
                access: .anyone(reason)
            ) { request, _ in try await approve(request) }
        ]
    }

    private func approve(
        _ request: Landfall_Control_V1_ApproveSignInRequest
    ) async throws -> Landfall_Control_V1_SignIn {
        let principal = try accounts.named(request.email)
        guard case .user = principal else {
            throw ServiceError.invalidArgument(
                "\(principal.name) is a service account: people sign in with a browser, service accounts with a key, or "
                    + "by whoever may impersonate them.", field: "email")
        }
        do {
            let approved = try await signIns.approve(request.code, as: principal)
            try await ownership.claim(by: principal)
            return .with {
                $0.account = principal.name
                $0.destination = approved.request.destination.redirectURI
                $0.createTime = .init(date: approved.startedAt)
            }
        } catch is SignInError {
            throw ServiceError.notFound(
                "No browser waits with the code '\(request.code.prefix(20))'. A code is good once, for five minutes.")
        }
    }
}
