import Testing

@testable import Identity

@Suite("SSH public keys")
struct SSHPublicKeyTests {
    static let ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

    @Test(
        "are one line, with or without a comment and an end of line",
        arguments: [
            ed25519, ed25519 + " alice@laptop", ed25519 + " a comment of words\n", ed25519 + "\r\n",
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA==",
        ])
    func accepted(text: String) throws {
        #expect(try SSHPublicKey(text).text == text)
    }

    private static let wrong: [(String, SSHPublicKeyError)] = [
        ("", .malformed), ("ssh-ed25519", .malformed), ("ssh-ed25519 ", .malformed),
        ("ssh-ed25519 !!!!", .malformed), ("ssh-ed25519 AAAA", .malformed),
        // The bytes are another type's, say that they are longer than they are, and end with their type.
        (ed25519.replacing("ssh-ed25519 ", with: "ssh-rsa "), .malformed),
        ("ssh-rsa /////wAAAAdzc2gtcnNh", .malformed), ("ssh-rsa AAAAB3NzaC1yc2E=", .malformed),
        ("ssh-dss AAAAB3NzaC1kc3MA", .unknownType("ssh-dss")),
        ("alice@laptop ssh-rsa", .unknownType("alice@laptop")),
        ("command=\"id\" " + ed25519, .unknownType("command=\"id\"")),
        (ed25519 + "\n" + ed25519, .notOneLine), (ed25519 + " a\u{0}b", .notOneLine),
    ]

    @Test("of other forms are refused", arguments: wrong)
    func refused(text: String, error: SSHPublicKeyError) {
        #expect(throws: error) { try SSHPublicKey(text) }
    }

    @Test("are at most 16 KiB long")
    func length() throws {
        let rest = String(repeating: "x", count: (16 << 10) - Self.ed25519.utf8.count - 1)
        #expect(try SSHPublicKey(Self.ed25519 + " " + rest).text.utf8.count == 16 << 10)
        #expect(throws: SSHPublicKeyError.tooLong) { try SSHPublicKey(Self.ed25519 + " x" + rest) }
    }

    @Test("are known by the SHA-256 of their text, as sha256sum prints it")
    func fingerprint() throws {
        let key = try SSHPublicKey(Self.ed25519)
        #expect(key.fingerprint == "394cb0357cefcb7cbe8da2a7ff052c6beca6ec5c51750812a33c11b6368021e2")
        #expect(try SSHPublicKey(Self.ed25519 + " alice").fingerprint != key.fingerprint)
    }
}
