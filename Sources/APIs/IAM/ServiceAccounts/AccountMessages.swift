import Directory
import Schema

extension Google_Iam_Admin_V1_ServiceAccount {
    /// An account as clients see it.
    init(_ account: ServiceAccountRecord) {
        self.init()
        name = account.resource.path
        projectID = account.project
        uniqueID = account.uniqueID
        email = account.email
        displayName = account.displayName
        description_p = account.about
        etag = account.etag
        oauth2ClientID = account.uniqueID
        disabled = account.isDisabled
    }
}
