/// Whom the code in a task acts as, and what its metadata server says of where it runs.
public struct TaskIdentity: Codable, Hashable, Sendable {
    /// E-mail address of the service account, in lower case.
    public var account: String
    /// The account's unique id, 21 digits: a later account of the same address is another.
    public var accountID: String
    /// The OAuth scopes that its tokens may have.
    public var scopes: [String]
    /// Id of the project that the job is in.
    public var project: String
    /// Number of that project.
    public var projectNumber: String
    /// `us-central1`
    public var region: String
    /// `us-central1-a`; on Cloud Run by its documentation `us-central1-1`.
    public var zone: String
    /// What kind of machine the task believes itself to be on.
    public var platform: Platform
    /// E-mail address of the account that pulls the images.
    public var puller: String

    /// What kind of machine a task believes itself to be on.
    public enum Platform: String, Codable, Sendable {
        /// A virtual machine of Compute Engine, as for Batch.
        case virtualMachine
        /// Cloud Run.
        case serverless
    }

    /// An identity of these parts.
    public init(
        account: String, accountID: String, scopes: [String] = [cloudPlatform], project: String,
        projectNumber: String, region: String, zone: String, platform: Platform, puller: String
    ) {
        self.account = account
        self.accountID = accountID
        self.scopes = scopes
        self.project = project
        self.projectNumber = projectNumber
        self.region = region
        self.zone = zone
        self.platform = platform
        self.puller = puller
    }

    /// The scope that stands for all of Google Cloud.
    public static let cloudPlatform = "https://www.googleapis.com/auth/cloud-platform"
}
