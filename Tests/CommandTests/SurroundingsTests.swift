import Testing

@testable import landfall

@Suite("The environment of 'landfall exec'")
struct SurroundingsTests {
    @Test("keeps what leads elsewhere from the command, and leaves the rest alone")
    func contrary() {
        let environment = [
            "PATH": "/bin", "grpc_proxy": "http://proxy", "CLOUDSDK_AUTH_ACCESS_TOKEN": "t", "CLOUDSDK_CONFIG": "/c",
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_BATCH": "http://b/", "GOOGLE_CLOUD_UNIVERSE_DOMAIN": "u",
        ]
        #expect(
            Surroundings.contrary(in: environment) == [
                "CLOUDSDK_API_ENDPOINT_OVERRIDES_BATCH", "CLOUDSDK_AUTH_ACCESS_TOKEN", "GOOGLE_CLOUD_UNIVERSE_DOMAIN",
                "grpc_proxy",
            ])
    }

    @Test("keeps whom an outer command calls as from one that brings a credential of its own")
    func ownCredential() {
        let environment = [
            "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": "/t", "CLOUDSDK_CORE_ACCOUNT": "alice@example.com",
            "GOOGLE_APPLICATION_CREDENTIALS": "/key.json",
        ]
        #expect(Surroundings.contrary(in: environment).isEmpty)
        #expect(
            Surroundings.contrary(in: environment, bringsCredential: true) == [
                "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", "CLOUDSDK_CORE_ACCOUNT",
            ])
    }
}
