import Access
import Identity
import Methods
import Schema
import SwiftProtobuf

/// The IAM Service Account Credentials API, v1: short-lived credentials of service accounts, for those who may act in
/// their name.
public enum CredentialsAPI {
    /// The name that it is enabled by, and its host.
    public static let service = "iamcredentials.googleapis.com"
    private static let name = "google.iam.credentials.v1.IAMCredentials"
    private static let path = "/v1/{name=projects/*/serviceAccounts/*}"
    private static let access = "each account of a chain of delegation is checked by itself"

    /// The API over an installation's accounts and keys.
    ///
    /// - Parameters:
    ///   - accounts: which there are.
    ///   - tokens: access tokens.
    ///   - idTokens: id tokens.
    ///   - signatures: what else is signed.
    ///   - extensions: who may have tokens of more than an hour.
    public static func api(
        accounts: any ServiceAccountKeys, tokens: Tokens, idTokens: IDTokens, signatures: AccountSignatures,
        extensions: any LifetimeExtensions = NoLifetimeExtensions()
    ) -> API {
        let delegation = Delegation(accounts: accounts)
        let issuing = Issuing(delegation: delegation, tokens: tokens, idTokens: idTokens, extensions: extensions)
        let signing = Signing(delegation: delegation, signatures: signatures)
        return API(
            service: service, title: "IAM Service Account Credentials API",
            methods: [
                row("GenerateAccessToken", "generateAccessToken", issuing.accessToken),
                row("GenerateIdToken", "generateIdToken", issuing.idToken),
                row("SignBlob", "signBlob", signing.blob),
                row("SignJwt", "signJwt", signing.jwt),
                UnaryMethod<
                    Google_Iam_Credentials_V1_GetAllowedLocationsRequest, Google_Iam_Credentials_V1_AllowedLocations
                >(
                    "\(name).GetAllowedLocations", .get("\(path)/allowedLocations"),
                    access: .anyCaller("the answer is the same for every account, whether it exists or not")
                ) { _, _ in .with { $0.encodedLocations = "0x0" } },
            ])
    }

    private static func row<Request: Message & Sendable, Response: Message & Sendable>(
        _ method: String, _ verb: String, _ handler: @escaping UnaryMethod<Request, Response>.Handler
    ) -> any Method {
        UnaryMethod(
            "\(name).\(method)", .post("\(path):\(verb)", body: "*"), access: .byHandler(access), handler: handler)
    }
}
