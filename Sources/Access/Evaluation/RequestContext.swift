import Conditions
import FoundationEssentials

/// What of a request, besides who asks for what, a decision can depend on.
public struct RequestContext: Hashable, Sendable {
    /// When the request came.
    public var time: Date
    /// The id of the project of what a service account is to be attached to; nil for other requests.
    public var attachingIn: String?
    /// The roles that a change of a policy grants or takes away; nil for other requests.
    public var modifiedGrants: Set<String>?

    /// Makes a context of its parts.
    public init(time: Date, attachingIn: String? = nil, modifiedGrants: Set<String>? = nil) {
        self.time = time
        self.attachingIn = attachingIn
        self.modifiedGrants = modifiedGrants
    }

    /// What conditions can ask about the request and its resource.
    func attributes(of resource: Resource, in hierarchy: Hierarchy) -> Attributes {
        var attributes = Attributes(requestTime: Timestamp(time))
        if let type = resource.conditionType {
            attributes.describeResource(
                service: resource.service, type: "\(resource.service)/\(type)",
                name: hierarchy.numberedPath(of: resource))
        }
        if let modifiedGrants {
            attributes.api[APIAttribute.modifiedGrantsByRole] = .strings(modifiedGrants.sorted())
        }
        return attributes
    }
}

extension Resource {
    /// What conditions know its type by, without the service; nil for what no service tells them of.
    fileprivate var conditionType: String? {
        switch self {
        case .organization: "Organization"
        case .folder: "Folder"
        case .project: "Project"
        case .secret: "Secret"
        case .other where isSecretVersion: "SecretVersion"
        case .serviceAccount, .workloadIdentityPool, .workforcePool, .job, .repository, .other: nil
        }
    }
}

extension Resource {
    /// A version has its secret's policy, and tells conditions of itself.
    private var isSecretVersion: Bool {
        guard service == "secretmanager.googleapis.com", case .secret(let id, let project)? = ownHolder else {
            return false
        }
        return path.hasPrefix("\(Resource.secret(id, project: project).path)/versions/")
    }
}

extension Timestamp {
    /// A date as a moment; nil for one that CEL has no timestamp for.
    init?(_ date: Date) {
        let seconds = date.timeIntervalSince1970
        guard abs(seconds) < 1e12 else { return nil }
        self.init(
            seconds: Int64(seconds.rounded(.down)),
            nanoseconds: min(Int32((seconds - seconds.rounded(.down)) * 1e9), 999_999_999))
    }
}
