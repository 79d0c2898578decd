import Testing

@testable import Access

@Suite("An e-mail address")
struct EmailAddressTests {
    @Test(
        "becomes lower case",
        arguments: [
            ("alice@example.com", "alice@example.com"), ("Alice.B+c@Sub.Example.COM", "alice.b+c@sub.example.com"),
            (
                "123456789012-compute@developer.gserviceaccount.com",
                "123456789012-compute@developer.gserviceaccount.com"
            ),
        ])
    func good(text: String, canonical: String) {
        #expect(EmailAddress.canonical(text) == canonical)
    }

    @Test(
        "is refused when it is not one",
        arguments: [
            "", "@", "alice", "alice@", "@example.com", "alice@example", "a@b@", "a@@b.cd", "a b@example.com",
            "alice@exa mple.com", "alice@-example.com", "alice@example..com", "älice@example.com", ".a@example.com",
            "a.@example.com", "a..b@example.com", "a\n@example.com", "alice@example.com\n", "a@b.cd/../../x",
            "a:b@example.com", String(repeating: "a", count: 65) + "@example.com",
            "a@" + String(repeating: "b.", count: 130) + "com",
        ])
    func bad(text: String) {
        #expect(EmailAddress.canonical(text) == nil)
    }

    @Test("has a domain")
    func domain() {
        #expect(EmailAddress.domain(of: "alice@example.com") == "example.com")
    }
}
