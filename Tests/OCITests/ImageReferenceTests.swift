import OCI
import Testing

@Suite("References to images")
struct ImageReferenceTests {
    private static let digest = "sha256:" + String(repeating: "a1", count: 32)

    @Test(
        "A reference is completed to host, path and tag",
        arguments: [
            ("busybox", "docker.io/library/busybox:latest"),
            ("busybox:1.36", "docker.io/library/busybox:1.36"),
            ("grafana/grafana", "docker.io/grafana/grafana:latest"),
            ("docker.io/busybox", "docker.io/library/busybox:latest"),
            ("index.docker.io/library/busybox", "docker.io/library/busybox:latest"),
            ("gcr.io/demo/report:v1.2_3-x", "gcr.io/demo/report:v1.2_3-x"),
            ("us-central1-docker.pkg.dev/demo/images/report", "us-central1-docker.pkg.dev/demo/images/report:latest"),
            ("US-docker.PKG.dev/demo/a", "us-docker.pkg.dev/demo/a:latest"),
            ("localhost/a", "localhost/a:latest"),
            ("localhost:5000/a/b:1", "localhost:5000/a/b:1"),
            ("127.0.0.1:5000/a", "127.0.0.1:5000/a:latest"),
            ("[::1]:5000/a", "[::1]:5000/a:latest"),
            ("a__b/c-d--e.f", "docker.io/a__b/c-d--e.f:latest"),
            ("busybox@\(digest)", "docker.io/library/busybox@\(digest)"),
            ("gcr.io/a/b:1@\(digest)", "gcr.io/a/b:1@\(digest)"),
        ])
    func completed(text: String, whole: String) throws {
        #expect(try ImageReference(text).description == whole)
        #expect(try ImageReference(whole) == ImageReference(text))
    }

    @Test(
        "What is no reference is refused",
        arguments: [
            "", " ", "Busybox", "busybox:", "busybox:-a", "busybox:\(String(repeating: "a", count: 129))", "a b",
            "https://gcr.io/a/b", "gcr.io/", "gcr.io/a//b", "/a", "a/", "gcr.io/../b", "gcr.io/a/./b", "gcr.io/a/b?x=1",
            "gcr.io/a/b#c", "gcr.io/a_/b", "gcr.io/a___b", "gcr.io/a..b", "host:0/a", "host:70000/a", "host:/a",
            "-a.b/c", "a@sha256:12", "a@sha512:\(String(repeating: "a1", count: 64))",
            "a@sha256:\(String(repeating: "A1", count: 32))", "user@host.com/a", "user:pw@host.com/a", "gcr.io/ä",
            "gcr.io/a\nb", "gcr.io/\(String(repeating: "a", count: 256))", String(repeating: "a", count: 600),
        ])
    func refused(text: String) {
        #expect(throws: ImageReferenceError.self) { try ImageReference(text) }
    }
}
