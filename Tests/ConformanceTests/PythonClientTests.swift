import Foundation
import Testing

@Suite("Google's client libraries for Python", .needsRoot, .needsPython)
struct PythonClientTests {
    @Test(
        "work unchanged",
        arguments: [
            ("batch_client.py", "grpc", "deleted"), ("batch_client.py", "rest", "deleted"),
            ("logging_client.py", "grpc", "followed"), ("logging_client.py", "http", "deleted"),
            ("iam_client.py", "grpc", "created\ngranted\ndefined\nsigned in\nrestored"),
            ("resources_client.py", "grpc", "organization\nfolder\nproject\ndeleted\npolicy\nunset\nexplained"),
            ("resources_client.py", "rest", "organization\nfolder\nproject\ndeleted\npolicy\nunset\nexplained"),
            ("registry_client.py", "grpc", "repository\nsecret"), ("registry_client.py", "rest", "repository\nsecret"),
        ])
    func unchanged(program: String, transport: String, said: String) async throws {
        let python = try #require(Requirement.python)
        try await LandfallServer.with { server in
            let result = try await server.exec([
                python, LandfallServer.source("clients/\(program)"), "demo", "us-central1", transport,
            ])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.output.contains(said), "\(result.output)")
        }
    }

    @Test("make, run and delete Cloud Run jobs unchanged", .needsGcloud, arguments: ["grpc", "rest"])
    func cloudRun(transport: String) async throws {
        let python = try #require(Requirement.python)
        try await LandfallServer.with { server in
            try await server.importBusybox()
            let program = LandfallServer.source("clients/run_client.py")
            let result = try await server.exec(
                [python, program, "demo", "us-central1", transport, LandfallServer.busybox])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            let said = "created\nupdated\nrefused\ngranted\nexecuted\nlisted\nfailed\nforgotten\ndeleted\n"
            #expect(result.output == said, "\(result.output)")
        }
    }
}
