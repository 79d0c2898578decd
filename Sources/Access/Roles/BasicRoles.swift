// The permissions of the services that Landfall has, as the public IAM role data set iann0036/iam-dataset (MIT) lists
// them on 22 August 2026; `size` counts the permissions of all services.

extension RoleCatalog {
    /// Each includes the one before it.
    static let basicRoles: [RoleSource] = [
        RoleSource(
            "roles/viewer", title: "Viewer", size: 6064,
            permissions: """
                batch.jobs get list
                batch.locations get list
                batch.operations get list
                batch.resourceAllowances get list
                batch.tasks get list
                iam.serviceAccounts get getIamPolicy list listEffectiveTags listTagBindings
                logging.buckets copyLogEntries get list listEffectiveTags listTagBindings
                logging.exclusions get list
                logging.links get list
                logging.locations get list
                logging.logEntries download list
                logging.logMetrics get list
                logging.logScopes get list
                logging.logServiceIndexes list
                logging.logServices list
                logging.logs list
                logging.notificationRules get list
                logging.operations get list
                logging.queries getShared listShared usePrivate
                logging.settings get
                logging.sinks get list
                logging.usage get
                logging.views get getIamPolicy list listLogs listResourceKeys listResourceValues
                resourcemanager.capabilities get
                resourcemanager.folders searchPolicyBindings
                resourcemanager.hierarchyNodes listEffectiveTags listTagBindings
                resourcemanager.organizations searchPolicyBindings
                resourcemanager.projects get getIamPolicy list searchPolicyBindings
                resourcemanager.tagHolds list
                resourcemanager.tagKeys get getIamPolicy list
                resourcemanager.tagValues get getIamPolicy list
                serviceusage.consumerpolicy analyze get
                serviceusage.contentsecuritypolicy get
                serviceusage.effectivemcppolicy get
                serviceusage.effectivepolicy get
                serviceusage.groups list listExpandedMembers listMembers
                serviceusage.mcppolicy get
                serviceusage.operations get
                serviceusage.quotas get
                serviceusage.services get list
                serviceusage.values test
                """),
        RoleSource(
            "roles/editor", title: "Editor", size: 11979, including: "roles/viewer",
            permissions: """
                batch.jobs create delete
                batch.resourceAllowances create delete update
                batch.states report
                compute.instances osAdminLogin osLogin
                iam.serviceAccounts actAs create delete disable enable update
                logging.links create delete
                logging.logEntries create route
                logging.logMetrics create delete update
                logging.logScopes create delete update
                logging.logs delete
                logging.notificationRules create delete update
                logging.operations cancel
                logging.settings update
                logging.sqlAlerts create update
                logging.views create delete update
                resourcemanager.capabilities update
                resourcemanager.hierarchyNodes createTagBinding deleteTagBinding
                resourcemanager.projects move update
                resourcemanager.tagHolds create delete
                resourcemanager.tagKeys create delete update
                resourcemanager.tagValueBindings create delete
                resourcemanager.tagValues create delete update
                serviceusage.apiKeys regenerate revert
                serviceusage.consumerpolicy update
                serviceusage.contentsecuritypolicy update
                serviceusage.mcppolicy update
                serviceusage.quotas update
                serviceusage.services disable enable use
                """),
        RoleSource(
            "roles/owner", title: "Owner", size: 13568, including: "roles/editor",
            permissions: """
                compute.oslogin updateExternalUser
                iam.serviceAccounts createTagBinding deleteTagBinding setIamPolicy undelete
                logging.buckets create createTagBinding delete deleteTagBinding undelete update
                logging.exclusions create delete update
                logging.fields access
                logging.privateLogEntries list
                logging.queries deleteShared share updateShared
                logging.sinks create delete update
                logging.views access setIamPolicy
                resourcemanager.folders createPolicyBinding deletePolicyBinding updatePolicyBinding
                resourcemanager.organizations createPolicyBinding deletePolicyBinding updatePolicyBinding
                resourcemanager.projects createBillingAssignment createPolicyBinding delete deleteBillingAssignment
                resourcemanager.projects deletePolicyBinding setIamPolicy undelete updateLiens updatePolicyBinding
                resourcemanager.tagKeys setIamPolicy
                resourcemanager.tagValues setIamPolicy
                """),
    ]
}
