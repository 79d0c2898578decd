// Reading resources from names, and moving between a project's number and its id.

extension Resource {
    /// Reads a full name, such as `//run.googleapis.com/projects/demo/locations/us-central1/jobs/etl`.
    ///
    /// - Returns: nil when it is no resource that access can be checked for: it must be an organization, a folder, a
    ///   project, a workforce pool, or lie in a project.
    public init?(fullName: String) {
        guard fullName.hasPrefix("//"), fullName.utf8.count <= 2048 else { return nil }
        let parts = fullName.dropFirst(2).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(service: String(parts[0]), path: String(parts[1]))
    }

    /// Reads the path of a resource of a service: the most specific kind that fits.
    public init?(service: String, path: String) {
        let words = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard service.contains("."), words.count >= 2, !words.contains("") else { return nil }
        switch (service, words[0], words.count) {
        case ("cloudresourcemanager.googleapis.com", "organizations", 2): self = .organization(words[1])
        case ("cloudresourcemanager.googleapis.com", "folders", 2): self = .folder(words[1])
        case ("iam.googleapis.com", "locations", 4) where words[1] == "global" && words[2] == "workforcePools":
            self = .workforcePool(words[3])
        case (_, "projects", _): self = Self(service: service, words: words, path: path)
        default: return nil
        }
    }

    private init(service: String, words: [String], path: String) {
        let project = words[1]
        func matches(_ shape: String...) -> Bool {
            words.count == shape.count && zip(words, shape).allSatisfy { $1 == "*" || $0 == $1 }
        }
        switch service {
        case "cloudresourcemanager.googleapis.com" where words.count == 2:
            self = .project(project)
        case "iam.googleapis.com" where matches("projects", "*", "serviceAccounts", "*"):
            self = .serviceAccount(email: words[3], project: project)
        case "iam.googleapis.com" where matches("projects", "*", "locations", "global", "workloadIdentityPools", "*"):
            self = .workloadIdentityPool(words[5], project: project)
        case "run.googleapis.com" where matches("projects", "*", "locations", "*", "jobs", "*"):
            self = .job(words[5], location: words[3], project: project)
        case "artifactregistry.googleapis.com" where matches("projects", "*", "locations", "*", "repositories", "*"):
            self = .repository(words[5], location: words[3], project: project)
        case "secretmanager.googleapis.com" where matches("projects", "*", "secrets", "*"):
            self = .secret(words[3], project: project)
        default:
            self = .other(service: service, path: path, project: project)
        }
    }

    /// What it lies in below its project and whose policy counts for it: itself when it has one, the job of an
    /// execution, the repository of an image, the secret of a version, the pool of a provider. Nil when that is the
    /// project or above.
    public var ownHolder: Resource? {
        switch self {
        case .organization, .folder, .project, .workforcePool: nil
        case .serviceAccount, .workloadIdentityPool, .job, .repository, .secret: self
        case .other(let service, let path, _): Self.holder(service: service, path: path)
        }
    }

    private static func holder(service: String, path: String) -> Resource? {
        let lengths: [Int]
        switch service {
        case "run.googleapis.com", "artifactregistry.googleapis.com": lengths = [6]
        case "secretmanager.googleapis.com": lengths = [4]
        case "iam.googleapis.com": lengths = [4, 6]
        default: return nil
        }
        for length in lengths {
            let words = path.split(separator: "/", maxSplits: length).prefix(length)
            guard words.count == length, let holder = Resource(service: service, path: words.joined(separator: "/")),
                holder.kind != .other
            else { continue }
            return holder
        }
        return nil
    }

    /// The same resource in the project of another name: its id where a request says its number.
    public func inProject(_ id: String) -> Resource {
        switch self {
        case .organization, .folder, .workforcePool: self
        case .project: .project(id)
        case .serviceAccount(let email, _): .serviceAccount(email: email, project: id)
        case .workloadIdentityPool(let pool, _): .workloadIdentityPool(pool, project: id)
        case .job(let name, let location, _): .job(name, location: location, project: id)
        case .repository(let name, let location, _): .repository(name, location: location, project: id)
        case .secret(let name, _): .secret(name, project: id)
        case .other(let service, let path, let project):
            .other(service: service, path: Self.path(path, replacing: project, by: id), project: id)
        }
    }

    private static func path(_ path: String, replacing project: String, by id: String) -> String {
        let prefix = "projects/\(project)"
        guard path == prefix || path.hasPrefix(prefix + "/") else { return path }
        return "projects/\(id)" + path.dropFirst(prefix.count)
    }
}
