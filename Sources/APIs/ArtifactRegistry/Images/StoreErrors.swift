import Methods
import Registry

extension ServiceError {
    /// What the store says of a change that it does not make; nil for what only the registry's protocol meets.
    init?(_ error: RegistryError) {
        switch error {
        case .noManifest(let name): self = .notFound("\(name.prefix(300)) was not found.")
        case .noTag(let tag): self = .notFound("The tag \(tag) was not found.")
        case .tagExists(let tag): self = .alreadyExists("The tag \(tag) already exists.")
        case .tagged(let tags):
            self = .failedPrecondition(
                "The version is tagged (\(tags.joined(separator: ", "))): remove the tags first, or delete with force.")
        case .partOfIndex(let index):
            self = .failedPrecondition("The version is a part of \(index), which has to be deleted first.")
        case .immutableTag(let tag):
            self = .failedPrecondition(
                "The tag \(tag) cannot be changed or removed: the repository has immutable tags.")
        case .noSpace:
            self = ServiceError(.resourceExhausted, "The server's disk is full: nothing was changed.")
        default: return nil
        }
    }

    /// Makes a change of the store, whose errors clients are told.
    static func translating<Result: Sendable>(_ change: () async throws -> Result) async throws -> Result {
        do {
            return try await change()
        } catch let error as RegistryError {
            throw ServiceError(error) ?? error
        }
    }
}
