import Foundation
import HTTPTypes
import OCI
import Testing

@testable import Registry

@Suite("Manifests and tags")
struct ManifestTests {
    private let path = "/v2/demo/images/report"

    @Test("an image is found by its tag and by its digest, byte for byte")
    func found() async throws {
        let world = try await RegistryWorld()
        let digest = try await world.pushImage()
        for reference in ["1", digest] {
            let got = try await world.send(.get, "\(path)/manifests/\(reference)")
            #expect(got.status == 200 && got.digest == digest && Digest(of: got.body).description == digest)
            #expect(got.headers[.contentType] == MediaType.image.rawValue)
            let head = try await world.send(.head, "\(path)/manifests/\(reference)")
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.headers[.contentLength] == "\(got.body.count)" && head.digest == digest)
        }
        for reference in ["2", "sha256:\(String(repeating: "0", count: 64))"] {
            #expect(try await world.send(.get, "\(path)/manifests/\(reference)").code == "MANIFEST_UNKNOWN")
        }
        #expect(try await world.send(.get, "/v2/demo/images/none/manifests/1").code == "MANIFEST_UNKNOWN")
    }

    @Test(
        "a manifest that cannot be right is refused",
        arguments: [
            ("", "MANIFEST_INVALID"), ("[]", "MANIFEST_INVALID"), ("{}", "MANIFEST_INVALID"),
            (#"{"schemaVersion":1}"#, "MANIFEST_INVALID"), (#"{"schemaVersion":2}"#, "MANIFEST_INVALID"),
            (
                #"{"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:1","size":1},"layers":[]}"#,
                "MANIFEST_INVALID"
            ),
            (
                #"{"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:\#(String(repeating: "0", count: 64))","size":-1},"layers":[]}"#,
                "MANIFEST_INVALID"
            ),
            (
                #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#,
                "MANIFEST_INVALID"
            ),
            (String(repeating: "[", count: 100_000), "MANIFEST_INVALID"),
        ])
    func bad(body: String, code: String) async throws {
        let world = try await RegistryWorld()
        let answer = try await world.put(Data(body.utf8), to: "demo/images/report/manifests/1")
        #expect(answer.status == 400 && answer.code == code, "\(answer)")
    }

    @Test("what could be read as an image and as an index is refused as either", arguments: [MediaType.image, .index])
    func ambiguous(_ type: MediaType) async throws {
        let world = try await RegistryWorld()
        let config = Data("{}".utf8)
        try await world.push(config)
        let text = String(decoding: Samples.manifest(config: config, layers: []), as: UTF8.self)
            .replacing(#""mediaType":"\#(MediaType.image.rawValue)","#, with: #""manifests":[],"#)
        let answer = try await world.put(Data(text.utf8), to: "demo/images/report/manifests/1", type: type)
        #expect(answer.status == 400 && answer.code == "MANIFEST_INVALID", "\(answer)")
    }

    @Test("the type of an artifact has a length")
    func longType() async throws {
        let world = try await RegistryWorld()
        let config = Data("{}".utf8)
        try await world.push(config)
        for (length, status) in [(255, 201), (256, 400)] {
            let further = #""artifactType":"\#(String(repeating: "a", count: length))","#
            let manifest = Samples.manifest(config: config, layers: [], further: further)
            #expect(try await world.put(manifest, to: "demo/images/report/manifests/1").status == status)
        }
    }

    @Test("what refers to a manifest is listed as far as it says no more than a manifest can")
    func longReferrers() async throws {
        let world = try await RegistryWorld()
        let subject = try await world.pushImage()
        let config = Data("{}".utf8)
        try await world.push(config)
        for number in 0..<6 {
            let further = """
                "annotations":{"n\(number)":"\(String(repeating: "x", count: 1 << 20))"},
                "subject":{"mediaType":"\(MediaType.image.rawValue)","digest":"\(subject)","size":1},
                """
            let manifest = Samples.manifest(config: config, layers: [], further: further)
            let answer = try await world.put(manifest, to: "demo/images/report/manifests/\(number)")
            try #require(answer.status == 201)
        }
        let list = try await world.send(.get, "\(path)/referrers/\(subject)")
        #expect(list.status == 200 && list.body.count < 5 << 20 && list.body.count > 2 << 20)
    }

    @Test("a manifest names contents that are there, in their size")
    func contents() async throws {
        let world = try await RegistryWorld()
        let (config, layer) = (Data("{}".utf8), Data("layer".utf8))
        try await world.push(config)
        let missing = try await world.put(
            Samples.manifest(config: config, layers: [layer]), to: "demo/images/report/manifests/1")
        #expect(missing.status == 404 && missing.code == "MANIFEST_BLOB_UNKNOWN", "\(missing)")
        try await world.push(layer)
        let lying = String(decoding: Samples.manifest(config: config, layers: [layer]), as: UTF8.self)
            .replacing("\"size\":5", with: "\"size\":6")
        #expect(
            try await world.put(Data(lying.utf8), to: "demo/images/report/manifests/1").code == "MANIFEST_INVALID")
        // What another repository has is not here.
        try await world.addRepository("second", project: "demo")
        let elsewhere = try await world.put(
            Samples.manifest(config: config, layers: [layer]), to: "demo/second/report/manifests/1")
        #expect(elsewhere.code == "MANIFEST_BLOB_UNKNOWN")
        let other = try await world.put(
            Samples.manifest(config: config, layers: [layer]),
            to: "demo/images/report/manifests/sha256:\(String(repeating: "0", count: 64))")
        #expect(other.code == "DIGEST_INVALID")
    }

    @Test("a manifest has 4 MiB at most, and its Content-Type is what it says of itself")
    func limits() async throws {
        let world = try await RegistryWorld()
        let huge = Data(repeating: 0x20, count: Manifest.longest + 1)
        #expect(try await world.put(huge, to: "demo/images/report/manifests/1").status == 413)
        let config = Data("{}".utf8)
        try await world.push(config)
        let manifest = Samples.manifest(config: config, layers: [])
        #expect(
            try await world.put(manifest, to: "demo/images/report/manifests/1", type: .dockerImage).code
                == "MANIFEST_INVALID")
        let old = try await world.send(
            .put, "\(path)/manifests/1",
            headers: [.contentType: "application/vnd.docker.distribution.manifest.v1+prettyjws"], bytes: manifest)
        #expect(old.code == "MANIFEST_INVALID")
    }

    @Test("an index names manifests of its image, which stay while it does")
    func index() async throws {
        let world = try await RegistryWorld()
        let absent = Samples.index([("sha256:\(String(repeating: "0", count: 64))", 1)])
        #expect(
            try await world.put(absent, to: "demo/images/report/manifests/all", type: .index).code
                == "MANIFEST_BLOB_UNKNOWN")
        let child = try await world.pushImage()
        let size = try await world.send(.get, "\(path)/manifests/\(child)").body.count
        let index = Samples.index([(child, size)])
        let put = try await world.put(index, to: "demo/images/report/manifests/all", type: .index)
        #expect(put.status == 201, "\(put)")
        #expect(try await world.send(.delete, "\(path)/manifests/1").status == 202)
        let kept = try await world.send(.delete, "\(path)/manifests/\(child)")
        #expect(kept.code == "GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE", "\(kept)")
        #expect(try await world.send(.delete, "\(path)/manifests/all").status == 202)
        #expect(try await world.send(.delete, "\(path)/manifests/\(Digest(of: index))").status == 202)
        #expect(try await world.send(.delete, "\(path)/manifests/\(child)").status == 202)
        #expect(try await world.send(.get, "\(path)/tags/list").code == "NAME_UNKNOWN")
    }

    @Test("indexes of indexes may count their parts beyond all numbers")
    func towers() async throws {
        let world = try await RegistryWorld()
        var children = [(try await world.pushImage(), 1)]
        for level in 0..<70 {
            var next: [(digest: String, size: Int)] = []
            for side in 0..<2 {
                // The blanks make them different.
                let index = Samples.index(children) + Data(repeating: 0x20, count: 2 * level + side)
                let digest = Digest(of: index).description
                let put = try await world.put(index, to: "demo/images/report/manifests/\(digest)", type: .index)
                #expect(put.status == 201, "\(put)")
                next.append((digest, index.count))
            }
            children = next
        }
        let top = try #require(Digest(children[0].0))
        let uid = try #require(world.directory.state.repositories.all.first { $0.resource.project == "demo" }).uid
        let name = try #require(ImageName("report"))
        #expect(try await world.images.version(.digest(top), of: name, inRepository: uid)?.size == .max)
    }

    @Test("a version goes when no tag names it any more")
    func deletion() async throws {
        let world = try await RegistryWorld()
        let digest = try await world.pushImage()
        let tagged = try await world.send(.delete, "\(path)/manifests/\(digest)")
        #expect(tagged.status == 400 && tagged.code == "GOOGLE_MANIFEST_DANGLING_TAG")
        #expect(try await world.send(.delete, "\(path)/manifests/1").status == 202)
        #expect(try await world.send(.delete, "\(path)/manifests/1").status == 404)
        #expect(try await world.send(.get, "\(path)/manifests/\(digest)").status == 200)
        #expect(try await world.send(.delete, "\(path)/manifests/\(digest)").status == 202)
        #expect(try await world.send(.get, "\(path)/manifests/\(digest)").status == 404)
    }

    @Test("a tag moves with each push, unless the repository's tags are immutable")
    func tags() async throws {
        let world = try await RegistryWorld()
        let first = try await world.pushImage("first")
        let second = try await world.pushImage("second")
        #expect(first != second)
        #expect(try await world.send(.head, "\(path)/manifests/1").digest == second)
        try await world.addRepository("fixed", project: "demo", immutable: true)
        let fixed = try await world.pushImage("first", to: "demo/fixed/report")
        // The same once more is no change.
        try await world.pushImage("first", to: "demo/fixed/report")
        try await world.pushImage("second", to: "demo/fixed/report", tag: "2")
        let third = try await world.send(.get, "/v2/demo/fixed/report/manifests/2").body
        let moved = try await world.put(third, to: "demo/fixed/report/manifests/1")
        #expect(moved.status == 403 && moved.code == "DENIED", "\(moved)")
        #expect(try await world.send(.delete, "/v2/demo/fixed/report/manifests/1").code == "DENIED")
        #expect(try await world.send(.delete, "/v2/demo/fixed/report/manifests/\(fixed)").code == "DENIED")
        #expect(try await world.send(.head, "/v2/demo/fixed/report/manifests/1").digest == fixed)
    }

    @Test("tags are listed in order, page by page")
    func list() async throws {
        let world = try await RegistryWorld()
        for tag in ["c", "a", "b"] { try await world.pushImage(tag: tag) }
        let all = try await world.send(.get, "\(path)/tags/list")
        #expect(all.text == #"{"name":"demo/images/report","tags":["a","b","c"]}"#)
        var next = "\(path)/tags/list?n=2"
        let page = try await world.send(.get, next)
        #expect(page.text.contains(#"["a","b"]"#))
        let link = try #require(page.headers[HTTPField.Name("Link") ?? .server])
        next = String(link.dropFirst().prefix { $0 != ">" })
        let last = try await world.send(.get, next)
        #expect(last.text.contains(#"["c"]"#) && last.headers[HTTPField.Name("Link") ?? .server] == nil)
        #expect(try await world.send(.get, "\(path)/tags/list?n=-1").status == 400)
    }

    @Test("what refers to a manifest is found by it")
    func referrers() async throws {
        let world = try await RegistryWorld()
        let subject = try await world.pushImage()
        let config = Data("{}".utf8)
        try await world.push(config)
        let signature = Samples.manifest(
            config: config, layers: [],
            further:
                #""artifactType":"application/x-signature","subject":{"mediaType":"x","digest":"\#(subject)","size":1},"#
        )
        let put = try await world.put(signature, to: "demo/images/report/manifests/\(Digest(of: signature))")
        #expect(put.headers[HTTPField.Name("OCI-Subject") ?? .server] == subject, "\(put)")
        let found = try await world.send(.get, "\(path)/referrers/\(subject)")
        #expect(found.headers[.contentType] == MediaType.index.rawValue)
        #expect(found.text.contains(Digest(of: signature).description), "\(found)")
        let filtered = try await world.send(.get, "\(path)/referrers/\(subject)?artifactType=other")
        #expect(filtered.text.contains(#""manifests":[]"#))
    }
}
