import Foundation
import ImageSupport
import Images
import TestSupport
import Testing

@Suite("Unpacking layers")
struct LayerTests {
    @Test("Files keep content, owner, mode and time; links, pipes and long names come along")
    func attributes() async throws {
        try await World.with { world in
            var owned = TarArchive.Entry.file("etc/tool", "#!", mode: 0o4755)
            (owned.uid, owned.gid) = (33, 65535)
            let long = String(repeating: "n", count: 255)
            let directory = try await world.unpack([
                .directory("./"), .directory("etc", mode: 0o555), owned, .hardLink("hard", to: "etc/tool"),
                .link("soft", to: "/etc/passwd"), .init(name: "pipe", type: "6"), .file("deep/\(long)", "long"),
                .init(name: "x", extra: [("path", "e\u{301}")]),
            ])
            let expected = [
                "./deep d 755 0:0", "./deep/\(long) f 644 0:0", "./etc d 555 0:0", "./etc/tool f 4755 33:65535",
                "./hard f 4755 33:65535", "./pipe p 644 0:0", "./soft l 777 0:0", "./e\u{301} f 644 0:0",
            ]
            // By their bytes: names are not normalised.
            #expect(Set(try await list(directory).map { Array($0.utf8) }) == Set(expected.map { Array($0.utf8) }))
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/etc")
            #expect((attributes[.modificationDate] as? Date) == Date(timeIntervalSince1970: 1000))
        }
    }

    private func list(_ directory: String) async throws -> [String] {
        let command = "cd \(directory) && find . -mindepth 1 -printf '%p %y %m %U:%G\\n'"
        return try await Program.run(["sh", "-c", command]).output.split(separator: "\n").map(String.init).sorted()
    }

    @Test(
        "What leads out of a layer, or belongs to the host, is refused by its name",
        arguments: [
            (".. in the name", [.file("a/../../evil")]),
            (".. as the name", [.file("..")]),
            (".. in a hard link", [.hardLink("a", to: "../../../../etc/passwd")]),
            ("a hard link to a file that is not in the layer", [.hardLink("a", to: "/etc/passwd")]),
            ("a hard link through a link", [.link("l", to: "/"), .hardLink("a", to: "l/etc/passwd")]),
            ("writing through an absolute link", [.link("l", to: "/root"), .file("l/evil")]),
            ("writing through a relative link", [.link("l", to: "../../../../tmp"), .file("l/evil")]),
            ("writing through links in a circle", [.link("l", to: "m"), .link("m", to: "l"), .file("l/evil")]),
            ("a character device", [.init(name: "null", type: "3")]),
            ("a block device", [.init(name: "sda", type: "4")]),
            ("an owner beyond an image's ids", [.init(name: "a", uid: 100_000)]),
            ("a group beyond an image's ids", [.init(name: "a", gid: 65536)]),
            ("a name of 300 bytes", [.file(String(repeating: "n", count: 300))]),
            ("a path of more than 4,095 bytes", [.file(String(repeating: "a/", count: 2100) + "f")]),
            ("a root that is a file", [.file(".")]),
            ("a root that is a link", [.link("./", to: "/etc")]),
            ("a whiteout of nothing", [.file(".wh.")]),
            ("a whiteout of the directory itself", [.file("a/.wh..")]),
            ("a whiteout of the directory above", [.file("a/.wh...")]),
            ("a hole of 10 GiB", [.hole("big", length: 10 << 30)]),
        ] as [(String, [TarArchive.Entry])])
    func refused(what: String, entries: [TarArchive.Entry]) async throws {
        try await World.with { world in
            let refusal = try await world.refusal(of: entries)
            #expect(refusal?.contains("the entry") == true, "\(what): \(refusal ?? "taken")")
            #expect(try world.names("layers") == [])
            #expect(try world.names("unpacking") == [])
        }
        for path in ["/root/evil", "/tmp/evil", "/evil"] { #expect(!FileManager.default.fileExists(atPath: path)) }
    }

    @Test("Absolute names and links stay in the layer")
    func contained() async throws {
        try await World.with { world in
            let directory = try await world.unpack([
                .file("/etc/passwd", "mine"), .link("l", to: "/etc"), .file("l/shadow", "through"),
                .link("up", to: "../../../etc"), .hardLink("h", to: "/etc/passwd"),
            ])
            #expect(try String(contentsOfFile: "\(directory)/etc/shadow", encoding: .utf8) == "through")
            #expect(try String(contentsOfFile: "\(directory)/h", encoding: .utf8) == "mine")
            #expect(try String(contentsOfFile: "/etc/passwd", encoding: .utf8) != "mine")
        }
    }

    @Test("What comes later takes the place of what came before, and never its target's")
    func replaced() async throws {
        try await World.with { world in
            let directory = try await world.unpack([
                .file("target", "untouched"), .link("a", to: "target"), .file("a", "file"), .file("b/c/d"),
                .link("b", to: "/"), .file("e"), .directory("e"), .file("f", "one"), .hardLink("g", to: "f"),
                .file("g", "two"),
            ])
            #expect(
                try await list(directory) == [
                    "./a f 644 0:0", "./b l 777 0:0", "./e d 755 0:0", "./f f 644 0:0", "./g f 644 0:0",
                    "./target f 644 0:0",
                ])
            let texts = try ["target", "a", "f", "g"].map {
                try String(contentsOfFile: "\(directory)/\($0)", encoding: .utf8)
            }
            #expect(texts == ["untouched", "file", "one", "two"])
        }
    }

    @Test("Whiteouts become overlayfs's own, whichever way round they stand in the archive")
    func whiteouts() async throws {
        try await World.with { world in
            let directory = try await world.unpack([
                .file(".wh.gone"), .directory("opaque"), .file("opaque/.wh..wh..opq"), .file("opaque/new"),
                .file(".wh.before"), .file("before/new"), .file("after/new"), .file(".wh.after"), .file(".wh.file"),
                .file("file", "new"), .file(".wh..wh.plnk"), .directory("plain"),
            ])
            #expect(
                try await list(directory) == [
                    "./after d 755 0:0", "./after/new f 644 0:0", "./before d 755 0:0", "./before/new f 644 0:0",
                    "./file f 644 0:0", "./gone c 0 0:0", "./opaque d 755 0:0", "./opaque/new f 644 0:0",
                    "./plain d 755 0:0",
                ])
            var status = stat()
            #expect(lstat("\(directory)/gone", &status) == 0 && status.st_rdev == 0)
            for (name, expected) in [("opaque", "y"), ("before", "y"), ("after", "y"), ("plain", nil)] {
                #expect(try await attribute("trusted.overlay.opaque", "\(directory)/\(name)") == expected)
            }
        }
    }

    @Test("Of extended attributes only users' own are kept: none that overlayfs obeys or that gives privileges")
    func extendedAttributes() async throws {
        try await World.with { world in
            var file = TarArchive.Entry.file("a")
            let names = ["user.note", "user.overlay.opaque", "trusted.overlay.redirect", "security.capability"]
            file.extra = names.map { ("SCHILY.xattr.\($0)", "v") }
            let directory = try await world.unpack([file])
            for name in names {
                #expect(try await attribute(name, "\(directory)/a") == (name == "user.note" ? "v" : nil))
            }
        }
    }

    /// An extended attribute, which Swift's library has no call for.
    private func attribute(_ name: String, _ path: String) async throws -> String? {
        let program = "import os, sys; print(os.getxattr(sys.argv[1], sys.argv[2]).decode(), end='')"
        let result = try await Program.run(["python3", "-c", program, path, name])
        return result.status == 0 ? result.output : nil
    }

    @Test("A hole stays a hole")
    func sparse() async throws {
        try await World.with { world in
            let directory = try await world.unpack([.hole("hole", length: 1 << 30)])
            var status = stat()
            #expect(stat("\(directory)/hole", &status) == 0)
            #expect(status.st_size == 1 << 30)
            #expect(status.st_blocks == 0)
        }
    }

    @Test("A layer of too many files is refused, directories that are only implied among them")
    func tooManyFiles() async throws {
        try await World.with(limits: LayerLimits(entries: 100)) { world in
            _ = try await world.unpack((0..<100).map { .file("f\($0)") })
            for entries in [(0...100).map { TarArchive.Entry.file("g\($0)") }, (0..<60).map { .file("\($0)/f") }] {
                let refusal = try await world.refusal(of: entries)
                #expect(refusal?.contains("the 100 that a layer may have") == true)
            }
        }
    }

    @Test("A layer that is too large is refused, by its files and by its archive")
    func tooLarge() async throws {
        try await World.with(limits: LayerLimits(bytes: 100_000)) { world in
            let half = String(repeating: "x", count: 60_000)
            let cases: [([TarArchive.Entry], isTaken: Bool)] = [
                ([.file("a", half)], true), ([.file("a", half), .file("b", half)], false),
                ([.hole("a", length: 60_000)], true),
                ([.hole("a", length: 60_000), .hole("b", length: 60_000)], false),
                ((0..<200).map { .file("f\($0)") }, false),
            ]
            for (entries, isTaken) in cases {
                let refusal = try await world.refusal(of: entries)
                #expect((refusal == nil) == isTaken)
            }
        }
    }

    @Test("A thousand directories in each other are unpacked, and removed again")
    func deep() async throws {
        try await World.with(sizeLimit: 0) { world in
            let path = String(repeating: "d/", count: 1000)
            world.registry.add(TestImage([.init([.file(path + "f", "deep")])]))
            let image = try await world.pull()
            #expect(try String(contentsOfFile: "\(image.layers[0])/\(path)f", encoding: .utf8) == "deep")
            image.release()
            while try !world.names("removing").isEmpty || !world.names("layers").isEmpty {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    @Test(
        "What is no archive is refused",
        arguments: [
            [], Array("no archive at all".utf8), [0x1F, 0x8B], [0x1F, 0x8B] + Array(repeating: 7, count: 1000),
            [0x28, 0xB5, 0x2F, 0xFD, 1, 2, 3], Compression.gzip([]),
            Compression.gzip(Compression.gzip(TarArchive.bytes([]))),
            Array(TarArchive.bytes([.file("a", "text")]).prefix(700)),
            Array(Compression.gzip(TarArchive.bytes([.file("a", "text")])).dropLast(600)),
        ])
    func noArchive(bytes: [UInt8]) async throws {
        try await World.with { world in
            var layer = TestImage.Layer([])
            (layer.archive, layer.blob) = (bytes, bytes)
            world.registry.add(TestImage([layer]))
            let error = try await #require(throws: ImageError.self) { _ = try await world.pull() }
            #expect(error.kind == .invalid)
            #expect(try world.names("unpacking") == [])
        }
    }
}
