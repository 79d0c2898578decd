import Foundation
import Testing

@testable import Agent

@Suite("Bytes become lines")
struct LineSplitterTests {
    private func lines(_ chunks: [Data]) -> [LineSplitter.Line] {
        var splitter = LineSplitter()
        var lines: [LineSplitter.Line] = []
        for chunk in chunks { chunk.withUnsafeBytes { splitter.read($0, into: &lines) } }
        splitter.finish(into: &lines)
        return lines
    }

    @Test(
        "wherever the reads happen to cut",
        arguments: [
            (["a\nb\n"], ["a", "b"]), (["a\nb"], ["a", "b"]), (["a", "b\nc"], ["ab", "c"]), (["a", "\n"], ["a"]),
            (["\n\n"], ["", ""]), ([], []), (["a\r\n"], ["a\r"]), (["", "x", ""], ["x"]),
        ] as [([String], [String])])
    func cuts(_ chunks: [String], _ expected: [String]) {
        let result = lines(chunks.map { Data($0.utf8) })
        #expect(result.map { String(decoding: $0.text, as: UTF8.self) } == expected)
        #expect(result.allSatisfy { !$0.continues })
    }

    @Test("and bytes that are not UTF-8 stay as they are")
    func invalid() {
        let bytes = Data([0xFF, 0x00, 0xC3, 0x0A, 0x28])
        #expect(lines([bytes]).map(\.text) == [Data([0xFF, 0x00, 0xC3]), Data([0x28])])
    }

    @Test("and one of more than 256 KiB is cut", arguments: [1000, 64 * 1024, 1024 * 1024])
    func long(chunk: Int) {
        let longest = LineSplitter.longest
        let text = Data(repeating: 0x61, count: 2 * longest + 5) + Data("\nnext\n".utf8)
        let chunks = stride(from: 0, to: text.count, by: chunk).map { text[$0..<min($0 + chunk, text.count)] }
        let result = lines(chunks)
        #expect(result.map(\.text.count) == [longest, longest, 5, 4])
        #expect(result.map(\.continues) == [true, true, false, false])
    }

    @Test("and one of exactly 256 KiB is whole")
    func exact() {
        let result = lines([Data(repeating: 0x61, count: LineSplitter.longest), Data("\n".utf8)])
        #expect(result.map(\.text.count) == [LineSplitter.longest])
        #expect(result.map(\.continues) == [false])
    }
}
