import Access
import Directory
import Methods

/// What must hold before a job is created or changed, besides the permission for that. Nothing is stored before.
struct Preconditions: Sendable {
    let context: CloudRunContext
    let place: Place
    let call: Call
    let fields: DefinitionFields

    /// The account by which Cloud Run does its part in the job's project.
    var serviceAgent: String { ServiceAgent.run.email(inProject: place.projectNumber) }

    /// Checks the definition of a job whose service account has been settled.
    func check(_ definition: V2.Job, _ account: ServiceAccountRecord) async throws {
        let task = definition.template.template
        for (index, container) in task.containers.enumerated() {
            try await check(image: container.image, at: index)
            for (place, variable) in container.env.enumerated() {
                guard case .valueSource(let source)? = variable.values else { continue }
                try await check(
                    secret: source.secretKeyRef.secret, version: source.secretKeyRef.version, account,
                    at: fields.secret(ofVariable: fields.container(index).env[place]).description)
            }
        }
        for (index, volume) in task.volumes.enumerated() {
            guard case .secret(let secret)? = volume.volumeType else { continue }
            let versions = secret.items.map { $0.version.isEmpty ? "latest" : $0.version }
            for version in versions.isEmpty ? ["latest"] : versions {
                try await check(
                    secret: secret.secret, version: version, account,
                    at: fields.secret(ofVolume: fields.task.volumes[index]).description)
            }
        }
    }

    /// The job's account must be allowed to read its secrets.
    private func check(
        secret name: String, version: String, _ account: ServiceAccountRecord, at field: String
    ) async throws {
        guard let secret = SecretName(name) else { return }
        let project = secret.project ?? place.project
        // The version, as when it is read: a condition may name it.
        let named = Resource.other(
            service: "secretmanager.googleapis.com",
            path: "\(Resource.secret(secret.id, project: project).path)/versions/\(version)", project: project)
        let principal = Principal.serviceAccount(account.email, uniqueID: account.uniqueID)
        let resource = try await call.gatekeeper.located(named)
        if let resource, try await mayUse(principal, "secretmanager.versions.access", on: resource) { return }
        let number = secret.project.map { context.directory.state.project($0)?.number ?? $0 } ?? place.projectNumber
        throw ServiceError.invalidArgument(
            "\(field): Permission denied on secret: projects/\(number)/secrets/\(secret.id)/versions/\(version) for "
                + "Revision service account \(account.email). The service account used must be granted the 'Secret "
                + "Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher "
                + "level.",
            field: field)
    }

    func mayUse(_ principal: Principal, _ permission: Permission, on resource: Resource) async throws -> Bool {
        try await call.gatekeeper.decide(principal, permission, on: resource, in: RequestContext(time: call.time))
            .isAllowed
    }
}
