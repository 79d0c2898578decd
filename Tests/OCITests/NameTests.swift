import OCI
import Testing

@Suite("Names of images")
struct NameTests {
    @Test(
        "an image's name is words, joined by separators and slashes",
        arguments: [
            "a", "report", "team/report", "a.b", "a_b", "a__b", "a--b", "a---b/c0", "0/1",
            String(repeating: "a", count: 255),
        ])
    func good(name: String) { #expect(ImageName(name)?.text == name) }

    @Test(
        "what is no name of an image is refused",
        arguments: [
            "", "/", "a/", "/a", "a//b", "A", "..", "../a", "a/../b", "a/./b", ".a", "a.", "_a", "a_", "a___b", "a..b",
            "a b",
            "a%2Fb", "a\0", "ä", "a:b", "a@b", "-", String(repeating: "a", count: 256),
        ])
    func bad(name: String) { #expect(ImageName(name) == nil) }

    @Test(
        "a reference is a tag or a digest",
        arguments: [
            ("latest", true), ("1.4-rc_2", true), ("_x", true), ("sha256:" + String(repeating: "a", count: 64), true),
            ("", false), (".x", false), ("-x", false), ("a/b", false), ("..", false), ("ä", false),
            (String(repeating: "a", count: 129), false), ("sha256:" + String(repeating: "A", count: 64), false),
            ("sha256:" + String(repeating: "a", count: 63), false),
            ("sha512:" + String(repeating: "a", count: 128), false),
            ("sha256:../../../etc/passwd", false),
        ])
    func reference(text: String, isGood: Bool) { #expect((Reference(text) != nil) == isGood) }

    @Test("a digest is that of the bytes")
    func digest() {
        #expect(
            Digest(of: Array("abc".utf8)).description
                == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
