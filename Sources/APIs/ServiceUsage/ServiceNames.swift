import Access
import Directory
import Methods
import Schema

/// `projects/demo/services/batch.googleapis.com`, taken apart.
struct ServiceName {
    /// Id or number, as the request says.
    var project: String
    var service: String

    /// - Throws: `INVALID_ARGUMENT` for a name of another form.
    init(_ name: String, field: String = "name") throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[2] == "services", !parts[3].isEmpty else {
            throw ServiceError.invalidArgument(
                "'\(name)' must be of the form projects/PROJECT/services/SERVICE.", field: field)
        }
        project = try Self.project(parts[0...1].joined(separator: "/"), field: field)
        service = parts[3]
    }

    /// The project of `projects/demo`; services cannot be enabled on folders and organizations here.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a name of another form.
    static func project(_ parent: String, field: String) throws -> String {
        let parts = parent.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "projects", !parts[1].isEmpty else {
            throw ServiceError.invalidArgument("'\(parent)' must be of the form projects/PROJECT.", field: field)
        }
        return String(parts[1])
    }
}

/// The services of one project: what is enabled, and how it is told.
struct ProjectServices: Sendable {
    let project: ProjectRecord
    let enabled: Set<String>

    /// Reads the services of the project that a request names, after its row has checked access.
    ///
    /// - Throws: `PERMISSION_DENIED` when there is no such project.
    init(_ idOrNumber: String, in directory: Directory, for call: Call) throws {
        let state = directory.state
        guard let project = state.project(idOrNumber) else {
            throw ServiceError.permissionDenied(
                Denial(
                    principal: try call.principal(), permission: "serviceusage.services.get",
                    resource: .project(idOrNumber)))
        }
        self.project = project
        enabled = state.services[project.id]?.names ?? []
    }

    /// A service as clients see it.
    func message(_ service: String, isEnabled: Bool? = nil) -> Google_Api_Serviceusage_V1_Service {
        .with {
            $0.name = "projects/\(project.number)/services/\(service)"
            $0.parent = "projects/\(project.number)"
            $0.config.name = service
            $0.config.title = KnownServices.title(of: service) ?? service
            $0.state = isEnabled ?? enabled.contains(service) ? .enabled : .disabled
        }
    }
}

extension ServiceError {
    /// Services that are not known, in the words by which clients recognise it.
    static func unknownServices(_ services: [String]) -> ServiceError {
        let list = services.joined(separator: ", ")
        let info = Google_Rpc_ErrorInfo.with {
            $0.reason = "SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED"
            $0.domain = "serviceusage.googleapis.com"
            $0.metadata = ["services": list]
        }
        return ServiceError(
            .permissionDenied, "Not found or permission denied for service(s): \(list).", details: [info])
    }

    /// Fails for services that are not known.
    static func checkKnown(_ services: [String]) throws {
        let unknown = services.filter { KnownServices.title(of: $0) == nil }
        guard unknown.isEmpty else { throw unknownServices(unknown) }
    }
}
