import FoundationEssentials
import OCI

/// How an image wants its containers to be run.
public struct ImageConfiguration: Codable, Hashable, Sendable {
    /// The program and its first arguments; empty: none.
    public var entrypoint: [String]
    /// What follows the entrypoint unless the container says otherwise.
    public var command: [String]
    /// Variables, each `NAME=VALUE`, in the image's order.
    public var environment: [String]
    /// Absolute path; empty: the root.
    public var workingDirectory: String
    /// `USER[:GROUP]`, by names or numbers; empty: root.
    public var user: String

    /// A configuration; one that says nothing by default.
    public init(
        entrypoint: [String] = [], command: [String] = [], environment: [String] = [], workingDirectory: String = "",
        user: String = ""
    ) {
        self.entrypoint = entrypoint
        self.command = command
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.user = user
    }
}

/// The document of an image's configuration: what its containers are like, and what its layers are.
struct ConfigurationDocument: Sendable {
    /// Configurations that are larger are not read.
    static let largest = 8 << 20

    var platform: Platform
    /// The digests of the layers as they are unpacked, lowest first.
    var layers: [Digest]
    var configuration: ImageConfiguration

    /// Reads a configuration whose digest has been verified.
    ///
    /// - Throws: `ImageError`
    init(_ bytes: [UInt8]) throws {
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch {
            throw ImageError(.invalid, "The image's configuration is not one of an OCI or Docker image.")
        }
        platform = Platform(os: document.os, architecture: document.architecture, variant: document.variant)
        layers = document.rootfs.diff_ids
        configuration = ImageConfiguration(
            entrypoint: document.config?.Entrypoint ?? [], command: document.config?.Cmd ?? [],
            environment: document.config?.Env ?? [], workingDirectory: document.config?.WorkingDir ?? "",
            user: document.config?.User ?? "")
    }

    // Spelled as in the document.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Document: Decodable {
        struct Config: Decodable {
            var Entrypoint: [String]?
            var Cmd: [String]?
            var Env: [String]?
            var WorkingDir: String?
            var User: String?
        }

        struct RootFS: Decodable {
            var diff_ids: [Digest]
        }

        var os: String
        var architecture: String
        var variant: String?
        var config: Config?
        var rootfs: RootFS
    }
}
