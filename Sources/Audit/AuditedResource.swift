import Access
import Logbook
import Schema

extension LogParent {
    /// Whose log has the entries about a resource.
    ///
    /// - Parameter directory: knows the organization of a workforce pool, which does not say it in its name.
    init?(of resource: Resource, in directory: any AuditDirectory) {
        switch resource {
        case .organization(let number): self = .organization(number)
        case .folder(let number): self = .folder(number)
        case .workforcePool(let id):
            guard let number = directory.organization(ofWorkforcePool: id) else { return nil }
            self = .organization(number)
        case .project(let id), .serviceAccount(_, let id), .workloadIdentityPool(_, let id), .job(_, _, let id),
            .repository(_, _, let id),
            .secret(_, let id), .other(_, _, let id):
            self = .project(id)
        }
    }

    /// What the log belongs to, as a resource.
    var container: Resource {
        switch self {
        case .project(let id): .project(id)
        case .folder(let number): .folder(number)
        case .organization(let number): .organization(number)
        }
    }
}

extension Google_Api_MonitoredResource {
    /// What an entry is about, for filters: the most specific type that says it.
    init(_ resource: Resource, service: String, method: String) {
        self.init()
        switch resource {
        case .organization(let number): (type, labels) = ("organization", ["organization_id": number])
        case .folder(let number): (type, labels) = ("folder", ["folder_id": number])
        case .project(let id) where service == resource.service: (type, labels) = ("project", ["project_id": id])
        case .serviceAccount(let email, let project):
            (type, labels) = ("service_account", ["project_id": project, "email_id": email])
        case .job(let name, let location, let project):
            (type, labels) = ("cloud_run_job", ["project_id": project, "job_name": name, "location": location])
        case .workforcePool: (type, labels) = ("audited_resource", ["service": service, "method": method])
        case .project(let project), .workloadIdentityPool(_, let project), .repository(_, _, let project),
            .secret(_, let project), .other(_, _, let project):
            (type, labels) = ("audited_resource", ["project_id": project, "service": service, "method": method])
        }
    }
}
