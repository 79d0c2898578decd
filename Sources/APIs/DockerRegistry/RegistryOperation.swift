import HTTPTypes
import HummingbirdCore
import Registry

/// What a request does, by its method and its path.
struct RegistryOperation: Sendable {
    /// As audit entries name it.
    let name: String
    let run: Run

    typealias Run = @Sendable (DockerRegistry, RegistryRequest, RegistryCall) async throws -> Response

    private init(_ name: String, _ run: @escaping Run) {
        self.name = "Docker-\(name)"
        self.run = run
    }

    /// Nil for what only asks whether the protocol is spoken here.
    ///
    /// - Throws: `RegistryFault` for a method that the path does not have.
    init?(_ request: RegistryRequest, _ path: RegistryPath) throws {
        switch (request.method, path) {
        case (.get, .base), (.head, .base): return nil
        case (.get, .manifest(let image, let reference)):
            self.init("GetManifest") { try await $0.manifest(image, reference, $2) }
        case (.head, .manifest(let image, let reference)):
            self.init("HeadManifest") { try await $0.manifest(image, reference, $2) }
        case (.put, .manifest(let image, let reference)):
            self.init("PutManifest") { try await $0.putManifest(image, reference, $1, $2) }
        case (.delete, .manifest(let image, let reference)):
            self.init("DeleteManifest") { try await $0.deleteManifest(image, reference, $2) }
        case (.get, .blob(let image, let digest)):
            self.init("GetBlob") { try await $0.blob(image, digest, $1, $2) }
        case (.head, .blob(let image, let digest)):
            self.init("HeadBlob") { try await $0.blob(image, digest, $1, $2) }
        case (.get, .tags(let image)):
            self.init("GetTags") { try await $0.tags(image, $1, $2) }
        case (.get, .referrers(let image, let digest)):
            self.init("GetReferrers") { try await $0.referrers(image, digest, $1, $2) }
        default:
            guard let upload = Self.upload(request, path) else { throw RegistryFault.unknownMethod }
            self = upload
        }
    }

    private static func upload(_ request: RegistryRequest, _ path: RegistryPath) -> RegistryOperation? {
        switch (request.method, path) {
        case (.post, .uploads(let image)):
            RegistryOperation("StartUpload") { try await $0.beginUpload(image, $1, $2) }
        case (.get, .upload(let image, let id)):
            RegistryOperation("GetUpload") { try await $0.uploadStatus(image, id, $2) }
        case (.patch, .upload(let image, let id)):
            RegistryOperation("PatchUpload") { try await $0.continueUpload(image, id, $1, $2) }
        case (.put, .upload(let image, let id)):
            RegistryOperation("FinishUpload") { try await $0.finishUpload(image, id, $1, $2) }
        case (.delete, .upload(let image, let id)):
            RegistryOperation("CancelUpload") { try await $0.cancelUpload(image, id, $2) }
        default: nil
        }
    }
}

extension RegistryFault {
    fileprivate static let unknownMethod = RegistryFault(
        .methodNotAllowed, "UNSUPPORTED", "The registry does not support this method here.")
}
