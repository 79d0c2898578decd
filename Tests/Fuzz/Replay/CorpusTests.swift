import Foundation
import Testing

/// What libFuzzer found worth keeping (scripts/fuzz) is read again by every parser, not only the one that it is from.
@Suite("Strangers' bytes")
struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("corpora")

    private static func inputs(of parser: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = folder.appendingPathComponent(parser)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            ($0, [UInt8](try Data(contentsOf: folder.appendingPathComponent($0))))
        }
    }

    @Test("are read or refused, and what must hold of them holds", arguments: FuzzedParser.all.map(\.name))
    func replay(name: String) throws {
        let parser = try #require(FuzzedParser.named(name))
        let inputs = try Self.inputs(of: name)
        #expect(!inputs.isEmpty)
        for input in inputs {
            #expect(throws: Never.self, "\(name)/\(input.name)") { try parser.run(input.bytes) }
        }
    }

    @Test("of one kind do no harm where another kind is expected", arguments: FuzzedParser.all.map(\.name))
    func mixed(name: String) throws {
        let inputs = try Self.inputs(of: name)
        for parser in FuzzedParser.all where parser.name != name {
            for input in inputs {
                #expect(throws: Never.self, "\(parser.name) on \(name)/\(input.name)") { try parser.run(input.bytes) }
            }
        }
    }

    @Test("have a parser for each folder of them")
    func folders() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(folders) == Set(FuzzedParser.all.map(\.name)))
    }
}
