import Access
import Directory
import Registry
import Requests
import Schema
import SwiftProtobuf

// Repositories as clients see them.

extension Repositories {
    /// A repository as clients see it.
    func message(_ record: RepositoryRecord) async throws -> Google_Devtools_Artifactregistry_V1_Repository {
        let size = try await images.size(ofRepository: record.uid)
        return .with {
            $0.name = record.resource.path
            $0.format = .docker
            $0.mode = .standardRepository
            $0.description_p = record.description
            $0.labels = record.labels
            $0.createTime = .init(date: record.createdAt)
            $0.updateTime = .init(date: record.updatedAt)
            if record.tagsAreImmutable { $0.dockerConfig.immutableTags = true }
            $0.sizeBytes = size
            $0.registryUri = address(of: record)
        }
    }

    /// What the addresses of a repository's images begin with: `us-central1-docker.pkg.dev/demo/images`.
    func address(of record: RepositoryRecord) -> String {
        guard case .repository(let name, let location, let project) = record.resource else { return "" }
        return "\(RegistryHosts.host(of: location))/\(project)/\(name)"
    }
}
