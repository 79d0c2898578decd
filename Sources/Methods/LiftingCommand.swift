import Access

extension Denial {
    /// The gcloud command that takes away what forbids a call which policies allow; empty where grants are what is
    /// missing, or no one command would do.
    public var liftingCommand: String {
        switch cause {
        case .projectDeleted(let number):
            // A hyphen stands for whichever project an account is in.
            "gcloud projects undelete \(resource.project.flatMap { $0 == "-" ? nil : $0 } ?? number)"
        case .constraint(let name, let project):
            "gcloud resource-manager org-policies disable-enforce \(name) --project=\(project)"
        case .notGranted, .denied, .accountDisabled, .accountGone: ""
        }
    }
}
