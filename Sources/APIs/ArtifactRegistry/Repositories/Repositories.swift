import Access
import Directory
import FoundationEssentials
import Methods
import Registry
import Requests

/// The repositories of a directory, with what they have. Rows have checked access before.
struct Repositories: Sendable {
    let directory: Directory
    let images: ImageStore

    /// The repository that a request names.
    ///
    /// - Throws: `NOT_FOUND`
    func repository(_ named: Resource) throws -> RepositoryRecord {
        try Self.repository(named, in: directory.state)
    }

    static func repository(_ named: Resource, in state: DirectoryState) throws -> RepositoryRecord {
        guard let record = state.repositories[state.known(named).fullName] else {
            throw ServiceError.notFound("Repository \"\(named.path.prefix(300))\" was not found.")
        }
        return record
    }

    /// Those of a project and a location, by name.
    func repositories(in place: LocationName) throws -> [RepositoryRecord] {
        let state = directory.state
        let project = try self.project(place, in: state)
        return state.repositories.sorted.filter { record in
            guard case .repository(_, let location, let owner) = record.resource else { return false }
            return owner == project.id && location == place.location
        }
    }

    /// The project of a place, at which repositories can be.
    ///
    /// - Throws: `NOT_FOUND`
    func project(_ place: LocationName, in state: DirectoryState) throws -> ProjectRecord {
        guard let project = state.project(place.project) else {
            throw ServiceError.notFound("Project '\(place.project.prefix(100))' was not found.")
        }
        guard RegistryHosts.locations.contains(place.location) else {
            throw ServiceError.notFound(
                "Location '\(place.location.prefix(100))' was not found: it must be a region such as us-central1, or "
                    + "\(RegistryHosts.multiRegions.joined(separator: ", ")).")
        }
        return project
    }

    /// Makes a repository.
    ///
    /// - Throws: `ALREADY_EXISTS`
    func create(_ fields: RepositoryFields, id: String, in place: LocationName, at now: Date) async throws
        -> RepositoryRecord
    {
        try await directory.change { draft in
            let project = try self.project(place, in: draft.state)
            let resource = Resource.repository(id, location: place.location, project: project.id)
            guard draft.state.repositories[resource.fullName] == nil else {
                throw ServiceError.alreadyExists("The repository '\(resource.path)' already exists.")
            }
            guard draft.state.repositories.count < RepositoryRecord.most else {
                throw DirectoryError.limitReached(RepositoryRecord.most)
            }
            let record = RepositoryRecord(
                resource, uid: UUID().uuidString.lowercased(), description: fields.description, labels: fields.labels,
                tagsAreImmutable: fields.tagsAreImmutable, createdAt: now)
            try draft.put(record)
            return record
        }
    }

    /// Changes some fields of a repository.
    func update(
        _ named: Resource, at now: Date, _ change: @escaping @Sendable (inout RepositoryRecord) -> Void
    ) async throws -> RepositoryRecord {
        try await directory.change { draft in
            var record = try Self.repository(named, in: draft.state)
            change(&record)
            record.updatedAt = now
            try draft.put(record)
            return record
        }
    }

    /// Removes a repository with its policy and all images. It is gone when this returns.
    func delete(_ named: Resource) async throws {
        let uid = try await directory.change { draft in
            let record = try Self.repository(named, in: draft.state)
            try draft.remove(record)
            try draft.removePolicy(of: record.resource)
            return record.uid
        }
        try await images.removeRepository(uid)
    }
}
