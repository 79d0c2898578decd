import Access

extension Denial.Cause {
    /// The gcloud command that takes away what forbids a call whatever is granted; empty where grants are what is
    /// missing, or no one command would do.
    ///
    /// - Parameter resource: what the call is about, as its request names it.
    public func liftingCommand(about resource: Resource) -> String {
        switch self {
        case .projectDeleted(let number):
            // A hyphen stands for whichever project an account is in.
            "gcloud projects undelete \(resource.project.flatMap { $0 == "-" ? nil : $0 } ?? number)"
        case .constraint(let name, let project):
            "gcloud resource-manager org-policies disable-enforce \(name) --project=\(project)"
        case .notGranted, .denied, .accountDisabled, .accountGone: ""
        }
    }
}
