import OCI

/// Why the registry does not do what it was asked for.
public enum RegistryError: Error, Hashable, Sendable {
    /// There is no blob of that digest in the repository.
    case noBlob(Digest)
    /// There is no version of that name.
    case noManifest(String)
    /// There is no tag of that name.
    case noTag(String)
    /// The manifest breaks a rule, in words.
    case badManifest(String)
    /// The manifest names contents that the repository does not have.
    case missingContent(Digest)
    /// What came has another digest than was said.
    case wrongDigest(said: Digest, found: Digest)
    /// There is no such upload, or it is somebody else's.
    case noUpload
    /// The upload goes on at another place than the request, in bytes.
    case wrongOffset(at: Int64)
    /// Another request is writing to the upload.
    case busyUpload
    /// As many uploads as may be are under way.
    case tooManyUploads(Int)
    /// The version is named by tags.
    case tagged([String])
    /// The version is a part of an index.
    case partOfIndex(Digest)
    /// The repository does not let tags be moved or removed.
    case immutableTag(String)
    /// The tag exists.
    case tagExists(String)
    /// The disk is full.
    case noSpace
}
