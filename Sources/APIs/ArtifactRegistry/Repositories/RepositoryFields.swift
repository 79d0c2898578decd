import Methods
import Schema

/// What a client says of a repository.
struct RepositoryFields: Sendable {
    private static let longestDescription = 1_024

    var description: String
    var labels: [String: String]
    var tagsAreImmutable: Bool

    /// Reads a repository that is to be made, or the fields that change.
    ///
    /// - Throws: `INVALID_ARGUMENT` for what is wrong or not supported.
    init(_ message: Google_Devtools_Artifactregistry_V1_Repository) throws {
        guard message.description_p.utf8.count <= Self.longestDescription else {
            throw ServiceError.invalidArgument(
                "A description has at most \(Self.longestDescription) bytes.", field: "repository.description")
        }
        try LabelRules.check(message.labels, field: "repository.labels")
        description = message.description_p
        labels = message.labels
        tagsAreImmutable = message.dockerConfig.immutableTags
    }

    /// Makes sure that a repository is of the one kind that there is.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func checkKind(_ message: Google_Devtools_Artifactregistry_V1_Repository) throws {
        guard message.format == .docker else {
            throw ServiceError.invalidArgument(
                message.format == .unspecified
                    ? "The format of the repository is missing: DOCKER."
                    : "The format \(message.format.name) is not supported: repositories here are of the format DOCKER.",
                field: "repository.format")
        }
        guard [.unspecified, .standardRepository].contains(message.mode) else {
            throw ServiceError.invalidArgument(
                "The mode \(message.mode.name) is not supported: repositories here are of the mode "
                    + "STANDARD_REPOSITORY.",
                field: "repository.mode")
        }
    }
}

extension Google_Devtools_Artifactregistry_V1_Repository.Format {
    fileprivate var name: String {
        switch self {
        case .unspecified: "FORMAT_UNSPECIFIED"
        case .docker: "DOCKER"
        case .maven: "MAVEN"
        case .npm: "NPM"
        case .apt: "APT"
        case .yum: "YUM"
        case .python: "PYTHON"
        case .kfp: "KFP"
        case .go: "GO"
        case .generic: "GENERIC"
        case .ruby: "RUBY"
        case .UNRECOGNIZED(let number): "\(number)"
        }
    }
}

extension Google_Devtools_Artifactregistry_V1_Repository.Mode {
    fileprivate var name: String {
        switch self {
        case .unspecified: "MODE_UNSPECIFIED"
        case .standardRepository: "STANDARD_REPOSITORY"
        case .virtualRepository: "VIRTUAL_REPOSITORY"
        case .remoteRepository: "REMOTE_REPOSITORY"
        case .UNRECOGNIZED(let number): "\(number)"
        }
    }
}
