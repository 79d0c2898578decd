import Foundation
import ImageSupport
import OCI
import Testing

@testable import landfall

@Suite("Images in files")
struct ImageArchiveTests {
    private let image = TestImage([.init([.file("a", "lower")]), .init([.file("b", "upper")])])

    /// Puts an archive into a file of its own, and takes it away again.
    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try body(path)
    }

    private func tar(_ files: [(path: String, content: [UInt8])]) -> [UInt8] {
        TarArchive.bytes(files.map { TarArchive.Entry(name: $0.path, content: $0.content) })
    }

    private func read(_ path: String, named name: String? = nil) throws -> ArchivedImage {
        try ArchivedImage(in: ImageFiles(path), named: name)
    }

    @Test("A layout of the OCI is read, from an archive and from a directory")
    func layout() throws {
        let files = image.layout(tag: "1")
        let blobs = Set((image.layers.map(\.blob) + [image.configuration]).map { Digest(of: $0) })
        try withFile(tar(files)) { path in
            let found = try read(path)
            #expect(Set(found.blobs.map(\.digest)) == blobs)
            #expect(found.manifests.map(\.bytes) == [image.manifest])
            for blob in found.blobs { #expect(try Digest(of: blob.part.document()) == blob.digest) }
        }
        try withFile([]) { path in
            let directory = path + ".layout"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            for file in files {
                let place = URL(fileURLWithPath: "\(directory)/\(file.path)")
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.content).write(to: place)
            }
            #expect(try Set(read(directory).blobs.map(\.digest)) == blobs)
        }
    }

    @Test("What docker save writes is read, with a layer that is only linked to, and gets a manifest")
    func dockerArchive() throws {
        let manifest = """
            [{"Config":"c.json","RepoTags":["app:1"],"Layers":["x/layer.tar","y/layer.tar","z/layer.tar"]}]
            """
        let entries: [TarArchive.Entry] = [
            .init(name: "c.json", content: image.configuration),
            .init(name: "x/layer.tar", content: image.layers[0].archive),
            .init(name: "y/layer.tar", content: image.layers[1].archive), .link("z/layer.tar", to: "../x/layer.tar"),
            .file("manifest.json", manifest),
        ]
        try withFile(TarArchive.bytes(entries)) { path in
            let found = try read(path, named: "1")
            let digests = (image.layers.map(\.archive) + [image.configuration]).map { Digest(of: $0) }
            #expect(Set(found.blobs.map(\.digest)) == Set(digests))
            let bytes = try #require(found.manifests.first?.bytes)
            let document = try JSONDecoder().decode(OCILayout.Document.self, from: Data(bytes))
            #expect(document.layers?.map(\.digest) == [digests[0], digests[1], digests[0]])
            #expect(document.config?.digest == digests[2])
        }
    }

    @Test("Of several images one has to be named")
    func several() throws {
        let manifest = #"[{"Config":"c","RepoTags":["a:1"],"Layers":[]},{"Config":"c","RepoTags":["b:2"],"Layers":[]}]"#
        try withFile(TarArchive.bytes([.file("c", "{}"), .file("manifest.json", manifest)])) { path in
            #expect(throws: CommandFailure.self) { try read(path) }
            #expect(throws: CommandFailure.self) { try read(path, named: "c:3") }
            let found = try read(path, named: "b:2")
            #expect(found.blobs.count == 1)
        }
    }

    @Test("An archive that is cut off, compressed, damaged, or of something else is refused")
    func refused() throws {
        let whole = tar(image.layout(tag: "1"))
        var damaged = whole
        damaged[600] ^= 1
        let other = TarArchive.bytes([.file("a", "b")])
        let missing = tar(image.layout(tag: "1").filter { !$0.path.contains(Digest(of: image.layers[0].blob).hex) })
        for bytes in [Array(whole.prefix(700)), Compression.gzip(whole), other, missing, [], Array("text".utf8)] {
            try withFile(bytes) { path in #expect(throws: CommandFailure.self) { try read(path) } }
        }
        // A layer's bytes are the registry's to verify, a manifest's are read here.
        let manifest = image.layout(tag: "1").map { file in
            (file.path, file.path.contains(Digest(of: image.manifest).hex) ? Array("{}".utf8) : file.content)
        }
        try withFile(tar(manifest)) { path in #expect(throws: CommandFailure.self) { try read(path) } }
    }

    @Test("Long names are read, however they are written")
    func longNames() throws {
        let name = String(repeating: "directory/", count: 20) + "file"
        try withFile(TarArchive.bytes([.file(name, "text")])) { path in
            let content = try ImageFiles(path).file(name)?.document()
            #expect(content == Array("text".utf8))
        }
        let gnu: [TarArchive.Entry] = [
            .init(name: "././@LongLink", type: "L", content: Array(name.utf8) + [0]), .file("cut", "text"),
        ]
        try withFile(TarArchive.bytes(gnu)) { path in
            let content = try ImageFiles(path).file(name)?.document()
            #expect(content == Array("text".utf8))
        }
    }
}
