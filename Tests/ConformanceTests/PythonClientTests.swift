import Foundation
import Testing

@Suite("Google's client libraries for Python", .needsRoot, .needsPython)
struct PythonClientTests {
    /// A program beside this file.
    private func client(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("clients/\(name)").path
    }

    @Test(
        "work unchanged",
        arguments: [
            ("batch_client.py", "grpc", "deleted"), ("batch_client.py", "rest", "deleted"),
            ("logging_client.py", "grpc", "followed"), ("logging_client.py", "http", "deleted"),
            ("iam_client.py", "grpc", "created\ngranted\ndefined\nsigned in\nrestored"),
            (
                "run_client.py", "grpc", "created\nupdated\nrefused\ngranted\nexecuted\nforgotten\ndeleted"
            ),
            (
                "run_client.py", "rest", "created\nupdated\nrefused\ngranted\nexecuted\nforgotten\ndeleted"
            ),
            ("resources_client.py", "grpc", "organization\nfolder\nproject\ndeleted\npolicy\nunset\nexplained"),
            ("resources_client.py", "rest", "organization\nfolder\nproject\ndeleted\npolicy\nunset\nexplained"),
            ("registry_client.py", "grpc", "repository\nsecret"), ("registry_client.py", "rest", "repository\nsecret"),
        ])
    func unchanged(program: String, transport: String, said: String) async throws {
        let python = try #require(Requirement.python)
        try await LandfallServer.with { server in
            let result = try await server.exec([python, client(program), "demo", "us-central1", transport])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.output.contains(said), "\(result.output)")
        }
    }
}
