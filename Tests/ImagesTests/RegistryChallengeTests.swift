import Testing

@testable import Images

@Suite("Challenges of registries")
struct RegistryChallengeTests {
    @Test(
        "A bearer's challenge is read in all its spellings",
        arguments: [
            #"Bearer realm="https://auth.example.com/token",service="registry",scope="repository:a:pull""#,
            #"bearer service=registry, realm="https://auth.example.com/token""#,
            #"BEARER scope="a,b=c \"d\"",realm="https://auth.example.com/token" , service="registry""#,
        ])
    func bearer(header: String) {
        let expected = RegistryChallenge.bearer(realm: "https://auth.example.com/token", service: "registry")
        #expect(RegistryChallenge([header]) == expected)
        #expect(RegistryChallenge([#"Basic realm="x""#, header]) == expected)
    }

    @Test("Basic is met when there is nothing better")
    func basic() {
        #expect(RegistryChallenge([#"Digest realm="x""#, #"Basic realm="x""#]) == .basic)
    }

    @Test(
        "What cannot be met is none", arguments: ["", "Bearer", "Bearer service=\"x\"", "Negotiate", "Bearer =,=\"\\"])
    func none(header: String) {
        #expect(RegistryChallenge([header]) == nil)
    }
}
