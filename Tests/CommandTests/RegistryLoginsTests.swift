import Foundation
import Requests
import Testing

@testable import landfall

@Suite("Logins at registries under 'landfall exec'")
struct RegistryLoginsTests {
    private func logins(_ existing: String?) throws -> [String: [String: String]] {
        let data = try RegistryLogins(
            existing: existing.map { Data($0.utf8) }, token: "t", hosts: RegistryHosts(universe: "landfall.test")
        ).data()
        let file = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(file["auths"] as? [String: [String: String]])
    }

    @Test("are of the session at every host of Artifact Registry, and the user's own elsewhere")
    func merged() throws {
        let all = try logins(#"{"auths":{"quay.io":{"auth":"mine"},"us-docker.pkg.dev":{"auth":"old"}}}"#)
        let login = Data("oauth2accesstoken:t".utf8).base64EncodedString()
        for host in [
            "us-central1-docker.pkg.dev", "europe-west1-docker.pkg.dev", "us-docker.pkg.dev",
            "us-central1-docker.pkg.landfall.test",
        ] {
            #expect(all[host] == ["auth": login])
        }
        #expect(all["quay.io"] == ["auth": "mine"])
    }

    @Test(
        "are made of nothing where the user's file is none", arguments: [nil, "", "[]", "{\"auths\":7}"] as [String?])
    func damaged(_ existing: String?) throws {
        #expect(try logins(existing)["us-docker.pkg.dev"] != nil)
    }

    @Test("are read from the file that the user's tools read")
    func source() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "landfall-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let containers = folder.appending(path: "containers")
        try FileManager.default.createDirectory(at: containers, withIntermediateDirectories: true)
        try Data("own".utf8).write(to: containers.appending(path: "auth.json"))
        try Data("named".utf8).write(to: folder.appending(path: "named.json"))
        let runtime = ["XDG_RUNTIME_DIR": folder.path]
        #expect(RegistryLogins.usersFile(in: runtime) == Data("own".utf8))
        let named = runtime.merging(["REGISTRY_AUTH_FILE": folder.path + "/named.json"]) { _, new in new }
        #expect(RegistryLogins.usersFile(in: named) == Data("named".utf8))
        let nested = runtime.merging(["REGISTRY_AUTH_FILE": "/x/\(RegistryLogins.fileName)"]) { _, new in new }
        #expect(RegistryLogins.usersFile(in: nested) == Data("own".utf8))
        #expect(RegistryLogins.usersFile(in: [:]) == nil)
    }
}
