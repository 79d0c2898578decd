import Access
import Methods
import Requests

extension Version1 {
    /// Where a call of v1 is about: the project is the namespace of its names, the region is in the host.
    struct Namespace: Sendable {
        /// By id or by number, as the request has it.
        let project: String
        /// Nil at the host of all regions.
        let region: String?
        /// The rest of the name: `jobs/report`.
        let rest: String

        /// - Parameters:
        ///   - pattern: what the name looks like: `namespaces/*/jobs/*`.
        ///   - field: the request's field that holds it.
        init(_ name: String, like pattern: String, _ field: String, _ call: Call) throws {
            project = try ResourcePath(name, like: pattern, field: field).values[0]
            region = Self.region(ofHost: call.host)
            rest = String(name.dropFirst("namespaces/\(project)".count))
        }

        /// The region in `us-central1-run.googleapis.com`.
        private static func region(ofHost host: String) -> String? {
            let label = host.prefix { $0 != "." }
            guard label.hasSuffix("-run") else { return nil }
            return Region.find(String(label.dropLast("-run".count)))?.name
        }

        /// The last part of the name.
        var id: String { rest.split(separator: "/").last.map(String.init) ?? "" }

        /// What the name stands for, with the region of the host in it.
        func path(_ rest: String) -> String {
            "projects/\(project)" + (region.map { "/locations/\($0)" } ?? "") + rest
        }

        /// The place, once access was found to be granted.
        ///
        /// - Throws: `INVALID_ARGUMENT` at the host of all regions; `NOT_FOUND`
        func place(_ context: CloudRunContext) throws -> Place {
            guard let region else {
                throw ServiceError.invalidArgument(
                    "The region is missing: this method is served at the host of a region, such as "
                        + "us-central1-run.googleapis.com.")
            }
            return try context.place(project: project, location: region)
        }

        /// Makes sure that the caller may do something, where `rest` is the path below the region.
        ///
        /// The refusal repeats the name of the request, and tells nothing of what it stands for.
        func admit(_ permission: Permission, at rest: String, _ call: Call) async throws {
            let path = path(rest)
            let service = CloudRunAPI.service
            let resource =
                Resource(service: service, path: path) ?? .other(service: service, path: path, project: project)
            let named = Resource.other(service: service, path: self.path(self.rest), project: project)
            let (name, isJob) = ("namespaces/\(project)\(self.rest)", resource.kind == .job && rest == self.rest)
            try await call.admit(permission, on: resource, service: service) { denial in
                var denial = denial
                // The job of an execution is not told to those who may not know whether there is one.
                if !isJob {
                    denial.resource = named
                    denial.remedies = denial.remedies.map { Remedy(role: $0.role, on: .project(project)) }
                }
                return Refusals.permissionDenied(denial, on: name)
            }
        }
    }
}

extension AccessRule {
    /// Why rows of v1 name no resource.
    static var inNamespace: AccessRule {
        .byHandler("the region is in the host, and the job of an execution or a task is not in its name")
    }
}
