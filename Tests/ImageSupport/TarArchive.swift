/// An archive, byte by byte, with whatever a test wants in it.
public struct TarArchive {
    /// One entry; what other programs would not write is possible too.
    public struct Entry: Sendable {
        /// Its path.
        public var name: String
        /// The header's type: `0` for a file, `5` for a directory.
        public var type: Character = "0"
        /// What is in it.
        public var content: [UInt8] = []
        /// Its permissions.
        public var mode = 0o644
        /// Its owner.
        public var uid = 0
        /// Its group.
        public var gid = 0
        /// Where a link leads.
        public var link = ""
        /// Records of a pax header before it.
        public var extra: [(String, String)] = []

        /// An entry of any kind.
        public init(
            name: String, type: Character = "0", content: [UInt8] = [], mode: Int = 0o644, uid: Int = 0, gid: Int = 0,
            link: String = "", extra: [(String, String)] = []
        ) {
            self.name = name
            self.type = type
            self.content = content
            self.mode = mode
            self.uid = uid
            self.gid = gid
            self.link = link
            self.extra = extra
        }

        /// A file with this text.
        public static func file(_ name: String, _ text: String = "", mode: Int = 0o644) -> Entry {
            Entry(name: name, content: Array(text.utf8), mode: mode)
        }

        /// A directory.
        public static func directory(_ name: String, mode: Int = 0o755) -> Entry {
            Entry(name: name, type: "5", mode: mode)
        }

        /// A symbolic link.
        public static func link(_ name: String, to target: String) -> Entry {
            Entry(name: name, type: "2", link: target)
        }

        /// Another name of a file.
        public static func hardLink(_ name: String, to target: String) -> Entry {
            Entry(name: name, type: "1", link: target)
        }

        /// A file of this length with nothing in it but one hole, as GNU tar writes it.
        public static func hole(_ name: String, length: Int) -> Entry {
            Entry(
                name: "GNUSparseFile.0/\(name)", content: padded(Array("1\n\(length)\n0\n".utf8)),
                extra: [
                    ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", name),
                    ("GNU.sparse.realsize", String(length)),
                ])
        }
    }

    /// The whole archive.
    public static func bytes(_ entries: [Entry]) -> [UInt8] {
        entries.flatMap(bytes(of:)) + [UInt8](repeating: 0, count: 1024)
    }

    private static func bytes(of entry: Entry) -> [UInt8] {
        var extra = entry.extra
        if entry.name.utf8.count > 100 { extra.append(("path", entry.name)) }
        if entry.link.utf8.count > 100 { extra.append(("linkpath", entry.link)) }
        let records = extra.flatMap { record($0.0, $0.1) }
        let header = extra.isEmpty ? [] : self.header(Entry(name: "pax", type: "x", content: records)) + padded(records)
        return header + self.header(entry) + padded(entry.content)
    }

    /// A record of a pax header: its own length, the key and the value.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while "\(length)".utf8.count + rest.utf8.count != length { length = "\(length)".utf8.count + rest.utf8.count }
        return Array("\(length)\(rest)".utf8)
    }

    private static func header(_ entry: Entry) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int, _ length: Int) {
            for (index, byte) in text.utf8.prefix(length).enumerated() { block[offset + index] = byte }
        }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(digits - text.count, 0)) + text
        }
        put(entry.name, at: 0, 100)
        put(octal(entry.mode, 7), at: 100, 7)
        put(octal(entry.uid, 7), at: 108, 7)
        put(octal(entry.gid, 7), at: 116, 7)
        put(octal(entry.content.count, 11), at: 124, 11)
        put(octal(1000, 11), at: 136, 11)
        put("        ", at: 148, 8)
        put(String(entry.type), at: 156, 1)
        put(entry.link, at: 157, 100)
        put("ustar", at: 257, 5)
        put("00", at: 263, 2)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148, 8)
        return block
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }
}
