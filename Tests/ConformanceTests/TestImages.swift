import Foundation
import TestSupport

/// Images that are made on the spot and put into a server's own registry.
extension LandfallServer {
    /// What the image of busybox is called there.
    static let busybox = "us-central1-docker.pkg.dev/demo/images/busybox:1"

    /// A file beside the tests' own, by its path from their directory.
    static func source(_ path: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: path).standardizedFileURL.path
    }

    /// Runs a server that has the image of busybox and the account of a reporter.
    static func withImage(options: [String] = [], _ body: (LandfallServer) async throws -> Void) async throws {
        try await with(options: options) { server in
            try await server.importBusybox()
            try await server.gcloud("iam", "service-accounts", "create", "reporter")
            try await body(server)
        }
    }

    /// Runs gcloud, which must succeed.
    @discardableResult
    func gcloud(_ words: String...) async throws -> String {
        let result = try await exec(["gcloud"] + words + ["--quiet"])
        guard result.status == 0 else { throw TestFailure("gcloud \(words): \(result.output)\(result.errors)") }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Makes the repository `images` of the project `demo`.
    func makeRepository() async throws {
        try await gcloud(
            "artifacts", "repositories", "create", "images", "--repository-format=docker", "--location=us-central1")
    }

    /// Makes an image of busybox and imports it.
    func importBusybox() async throws {
        try await make([Self.source("../../scripts/busybox-image"), "\(directory)/busybox.tar"])
        try await makeRepository()
        try await landfall("images", "import", "\(directory)/busybox.tar", "--name", Self.busybox)
    }

    /// Makes an image of what a program puts into a directory, whose path is its last argument, and imports it.
    func importImage(_ name: String, madeBy program: [String], config: String) async throws {
        let root = "\(directory)/root"
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(atPath: root) }
        try await make(program + [root])
        try await make([Self.source("../../scripts/oci-archive"), root, "\(directory)/image.tar", config])
        try await landfall("images", "import", "\(directory)/image.tar", "--name", name)
    }

    private func make(_ words: [String]) async throws {
        let made = try await run(words)
        guard made.status == 0 else { throw TestFailure("\(words): \(made.output)\(made.errors)") }
    }
}
