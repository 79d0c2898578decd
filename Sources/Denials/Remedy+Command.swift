import Access
import Schema

extension Landfall_Denials_V1_Remedy {
    /// A grant, with the command that makes it.
    init(_ remedy: Remedy, for principal: Principal) {
        self.init()
        role = remedy.role
        resource = remedy.on.fullName
        command = remedy.on.grantCommand(role: remedy.role, member: principal.member)
    }
}

extension Resource {
    /// The gcloud command that grants a role on it; empty for what has no policy of its own.
    func grantCommand(role: String, member: String) -> String {
        let binding = "--member=\(member.quoted) --role=\(role.quoted)"
        // Where policies can have conditions, gcloud asks for one unless it is told that there is none.
        let always = "\(binding) --condition=None"
        func grant(_ group: String, _ id: String) -> String { "gcloud \(group) add-iam-policy-binding \(id.quoted)" }
        switch self {
        case .project(let id): return "\(grant("projects", id)) \(always)"
        case .folder(let number): return "\(grant("resource-manager folders", number)) \(always)"
        case .organization(let number): return "\(grant("organizations", number)) \(always)"
        case .serviceAccount(let email, let project):
            // A hyphen stands for whichever project it is in.
            let place = project == "-" ? "" : " --project=\(project.quoted)"
            return "\(grant("iam service-accounts", email))\(place) \(always)"
        case .workloadIdentityPool(let id, let project):
            return "\(grant("iam workload-identity-pools", id)) --location=global --project=\(project.quoted) \(always)"
        case .job(let name, let location, let project):
            return "\(grant("run jobs", name)) --region=\(location.quoted) --project=\(project.quoted) \(binding)"
        case .repository(let name, let location, let project):
            return "\(grant("artifacts repositories", name)) --location=\(location.quoted) "
                + "--project=\(project.quoted) \(binding)"
        case .secret(let name, let project):
            return "\(grant("secrets", name)) --project=\(project.quoted) \(binding)"
        case .workforcePool, .other: return ""
        }
    }
}

extension String {
    /// As one word of a shell: as it is where nothing in it has a meaning there.
    fileprivate var quoted: String {
        let isPlain =
            !isEmpty && !hasPrefix("-")
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "@%+=:,./_-".utf8.contains(byte)
                }
            }
        return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}
