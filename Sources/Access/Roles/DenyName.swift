// The names of permissions in deny policies and in errors. Every permission that Landfall knows can be denied.

extension Permission {
    /// As deny policies write it: `run.googleapis.com/jobs.run` for `run.jobs.run`.
    public var denyName: String { "\(host)/\(ownResource).\(verb)" }

    /// The known permission that a deny policy writes so; nil when there is none.
    public init?(denyName: String) {
        guard let slash = denyName.firstIndex(of: "/") else { return nil }
        let host = denyName[..<slash]
        let service = host == Self.resourceManager ? "resourcemanager" : host.dropLast(Self.domain.count)
        let short = Permission(service + "." + denyName[denyName.index(after: slash)...])
        let known = [short, Permission(denyName)].first { PermissionTable.known.id(of: $0) != nil }
        guard let known, known.denyName == denyName else { return nil }
        self = known
    }

    /// As errors write it: `iam.workforcePools.get` for `iam.googleapis.com/workforcePools.get`.
    public var shortName: String { "\(service).\(ownResource).\(verb)" }

    /// The known permission that is meant by its name or by its short name; nil when there is none.
    public init?(shortName: String) {
        let written = Permission(shortName)
        let full = Permission("\(written.service)\(Self.domain)/\(shortName.dropFirst(written.service.utf8.count + 1))")
        guard let known = [written, full].first(where: { PermissionTable.known.id(of: $0) != nil }) else { return nil }
        self = known
    }

    /// The host of the service's API: `cloudresourcemanager.googleapis.com` for `resourcemanager.projects.get`.
    public var host: String { service == "resourcemanager" ? Self.resourceManager : service + Self.domain }

    /// The resource without its service: `jobs`. Names such as `iam.googleapis.com/workforcePools.get` have the host in
    /// it already.
    public var ownResource: Substring {
        let rest = resource.dropFirst(service.count + 1)
        return rest.hasPrefix("googleapis.com/") ? rest.dropFirst("googleapis.com/".count) : rest
    }

    private static let domain = ".googleapis.com"
    private static let resourceManager = "cloudresourcemanager.googleapis.com"
}
