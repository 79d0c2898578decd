/// Where the files of an uncompressed tar archive are: as skopeo, podman and docker write images.
struct TarIndex {
    private(set) var files: [String: FilePart] = [:]
    /// Links to other entries, by name.
    private(set) var links: [String: String] = [:]

    private static let block = 512
    private static let mostEntries = 100_000

    /// Reads the headers of an archive.
    ///
    /// - Throws: `CommandFailure` for what is no archive.
    init(_ file: OpenFile) throws {
        var offset = 0
        var extra = Extra()
        for _ in 0..<Self.mostEntries {
            let bytes = try file.read(at: offset, count: Self.block)
            guard bytes.count == Self.block, bytes.contains(where: { $0 != 0 }) else { return }
            guard let header = Header(bytes) else { throw Self.failure(file, bytes, isFirst: offset == 0) }
            let length = extra.length ?? header.length
            guard length >= 0, length <= file.length - offset - Self.block else {
                throw CommandFailure("'\(file.path)' ends in the middle of '\(header.name)'.")
            }
            let content = FilePart(file: file, offset: offset + Self.block, length: length)
            switch header.type {
            case "x": extra.read(pax: try content.document())
            case "L": extra.name = text(try content.document()[...])
            case "0", "\0": files[Self.plain(extra.name ?? header.name)] = content
            case "1", "2": links[Self.plain(extra.name ?? header.name)] = extra.link ?? header.link
            default: break
            }
            if !["x", "L", "g", "K"].contains(header.type) { extra = Extra() }
            offset += Self.block + (length + Self.block - 1) / Self.block * Self.block
        }
        throw CommandFailure("'\(file.path)' has more than \(Self.mostEntries) entries: it is no image.")
    }

    /// Without `./` at the beginning.
    private static func plain(_ name: String) -> String { name.hasPrefix("./") ? String(name.dropFirst(2)) : name }

    private static func failure(_ file: OpenFile, _ bytes: [UInt8], isFirst: Bool) -> CommandFailure {
        isFirst && bytes.starts(with: [0x1F, 0x8B])
            ? CommandFailure("'\(file.path)' is compressed: decompress it with gunzip first.")
            : CommandFailure("'\(file.path)' is no tar archive, or is damaged.")
    }

    /// The fields of a header that matter here.
    private struct Header {
        let name: String
        let length: Int
        let type: Character
        let link: String

        init?(_ block: [UInt8]) {
            let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
            guard number(block[148..<156]) == sum, let length = number(block[124..<136]) else { return nil }
            self.length = length
            type = Character(UnicodeScalar(block[156]))
            link = text(block[157..<257])
            let isPOSIX = block[257..<263].elementsEqual("ustar\0".utf8)
            let prefix = isPOSIX ? text(block[345..<500]) : ""
            name = prefix.isEmpty ? text(block[..<100]) : "\(prefix)/\(text(block[..<100]))"
        }
    }

    /// What headers before an entry's own say of it.
    private struct Extra {
        var name: String?
        var link: String?
        var length: Int?

        /// Records of the form `LENGTH KEY=VALUE\n`.
        mutating func read(pax bytes: [UInt8]) {
            var rest = bytes[...]
            while let space = rest.firstIndex(of: UInt8(ascii: " ")), let length = Int(text(rest[..<space])),
                length > rest.distance(from: rest.startIndex, to: space), length <= rest.count
            {
                let record = text(rest[(space + 1)..<(rest.startIndex + length - 1)])
                let parts = record.split(separator: "=", maxSplits: 1).map(String.init)
                switch (parts.first, parts.last) {
                case ("path", let value?): name = value
                case ("linkpath", let value?): link = value
                case ("size", let value?): self.length = Int(value)
                default: break
                }
                rest = rest.dropFirst(length)
            }
        }
    }
}

/// Text up to a zero byte.
private func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

/// A number of a header: octal digits, or binary where the first bit is set.
private func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = bytes.first else { return nil }
    if first & 0x80 != 0 {
        return bytes.dropFirst().suffix(7).reduce(0) { $0 << 8 | Int($1) }
    }
    let digits = text(bytes).filter { $0 != " " }
    return digits.isEmpty ? 0 : Int(digits, radix: 8)
}
