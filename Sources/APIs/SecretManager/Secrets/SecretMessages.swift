import Directory
import Schema
import Secrets
import SwiftProtobuf

// Secrets and versions as clients see them: named with their project's number.

extension StoredSecrets {
    /// The name of a secret.
    func name(of record: SecretRecord) -> String {
        let project = record.resource.project ?? ""
        let number = directory.state.project(project)?.number ?? project
        return record.resource.inProject(number).path
    }

    /// A secret as clients see it.
    func message(_ record: SecretRecord) -> Google_Cloud_Secretmanager_V1_Secret {
        .with {
            $0.name = name(of: record)
            $0.createTime = .init(date: record.createdAt)
            $0.labels = record.labels
            $0.annotations = record.annotations
            $0.versionAliases = record.aliases
            $0.etag = record.etagText
            if let end = record.expiresAt { $0.expireTime = .init(date: end) }
            if record.locations.isEmpty {
                $0.replication.automatic = .init()
            } else {
                $0.replication.userManaged.replicas = record.locations.map { location in
                    .with { $0.location = location }
                }
            }
        }
    }

    /// A version as clients see it.
    func message(
        _ version: SecretVersion, of record: SecretRecord
    ) -> Google_Cloud_Secretmanager_V1_SecretVersion {
        .with {
            $0.name = "\(name(of: record))/versions/\(version.number)"
            $0.createTime = .init(date: version.createdAt)
            if let date = version.destroyedAt { $0.destroyTime = .init(date: date) }
            $0.state = .init(version.state)
            $0.etag = version.etagText
            $0.clientSpecifiedPayloadChecksum = version.hadChecksum
            if record.locations.isEmpty {
                $0.replicationStatus.automatic = .init()
            } else {
                $0.replicationStatus.userManaged.replicas = record.locations.map { location in
                    .with { $0.location = location }
                }
            }
        }
    }
}

extension SecretVersion {
    /// The etag as clients see it.
    var etagText: String { "\"\(revision)\"" }
}

extension Google_Cloud_Secretmanager_V1_SecretVersion.State {
    fileprivate init(_ state: SecretVersion.State) {
        switch state {
        case .enabled: self = .enabled
        case .disabled: self = .disabled
        case .destroyed: self = .destroyed
        }
    }
}
