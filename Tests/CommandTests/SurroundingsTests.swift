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
}
