import Foundation
import TestSupport
import Testing

@Suite("Logins of container tools at Landfall's registry", .needsRoot, .needsGcloud, .needsSkopeo)
struct RegistryLoginTests {
    private static let host = "us-central1-docker.pkg.dev"
    private static let copied = "\(host)/demo/images/copied:1"

    /// The words of a tool's `login`, whose password is its input.
    private func login(_ tool: [String], to file: String) -> [String] {
        tool + ["login", "--authfile", file, "--username", "oauth2accesstoken", "--password-stdin", Self.host]
    }

    private func token(_ server: LandfallServer) async throws -> String {
        let printed = try await server.exec(["gcloud", "auth", "print-access-token"])
        guard printed.status == 0 else { throw TestFailure(printed.errors) }
        return printed.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("skopeo's is good for what the account may, and refused with a wrong password")
    func skopeo() async throws {
        try await LandfallServer.with { server in
            try await server.importBusybox()
            let file = "\(server.directory)/logins.json"
            let refused = try await server.exec(login(["skopeo"], to: file), input: "wrong")
            #expect(refused.status != 0 && !refused.output.contains("Login Succeeded"), "\(refused.errors)")
            let accepted = try await server.exec(login(["skopeo"], to: file), input: try await token(server))
            #expect(accepted.output.contains("Login Succeeded!"), "\(accepted.errors)")
            let copy = try await server.exec([
                "skopeo", "copy", "--authfile", file, "docker://\(LandfallServer.busybox)", "docker://\(Self.copied)",
            ])
            #expect(copy.status == 0, "\(copy.errors)")
            let list = try await server.landfall("images", "list")
            #expect(list.contains("/copied"), "\(list)")
        }
    }

    @Test("podman's lets it push, and pull what it pushed", .needsPodman)
    func podman() async throws {
        try await LandfallServer.with { server in
            try await server.importBusybox()
            let file = "\(server.directory)/logins.json"
            let storage = "\(server.directory)/podman"
            let podman = ["podman", "--root", storage, "--runroot", "\(storage)-run", "--storage-driver", "vfs"]
            let accepted = try await server.exec(login(podman, to: file), input: try await token(server))
            #expect(accepted.output.contains("Login Succeeded!"), "\(accepted.errors)")
            let archive = "oci-archive:\(server.directory)/busybox.tar"
            let loaded = try await server.exec(podman + ["pull", "--quiet", archive])
            let id = loaded.output.trimmingCharacters(in: .whitespacesAndNewlines)
            for words in [
                ["push", "--authfile", file, id, Self.copied], ["rmi", "--force", id],
                ["pull", "--authfile", file, Self.copied],
            ] {
                let result = try await server.exec(podman + words)
                #expect(result.status == 0, "podman \(words): \(result.errors)")
            }
            _ = try await server.exec(podman + ["system", "reset", "--force"])
        }
    }
}
