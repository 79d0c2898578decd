import OCI

@testable import Images

extension FuzzedParser {
    /// References to images, and what registries answer: challenges, manifests, configurations.
    static let imageDocuments = FuzzedParser("image") { input in
        let text = input.text
        if let reference = try? ImageReference(text) {
            let again = try? ImageReference(reference.description)
            try expect(again == reference, "\(text) became \(reference), which is read as another")
            let parts = (reference.registry + "/" + reference.repository).split(separator: "/")
            try expect(!parts.contains(".."), "\(text) leads to another path")
        }
        _ = RegistryChallenge([text])
        if case .image(let manifest)? = try? ManifestDocument(input, mediaType: nil) {
            let sizes = (manifest.layers + [manifest.config]).map(\.size)
            try expect(sizes.allSatisfy(ManifestDocument.sizes.contains), "\(text) has a blob of another size")
        }
        _ = try? ConfigurationDocument(input)
        _ = UnpackReport(text)
    }
}
