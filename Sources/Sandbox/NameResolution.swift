/// The name servers that tasks ask.
struct NameResolution: Sendable {
    /// What the sandboxes' resolv.conf says.
    let text: String
    /// IPv4 addresses of the name servers.
    let servers: [String]

    /// Reads the host's. A stub on loopback cannot be reached from a sandbox; systemd-resolved keeps the real servers
    /// in a file beside it.
    init(read: (String) -> String? = { TextFile.read($0) }) {
        let candidates = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"].compactMap(read)
        let usable = candidates.first { !Self.reachable($0).isEmpty } ?? ""
        servers = Self.reachable(usable)
        let others = usable.split(separator: "\n").filter { $0.hasPrefix("search ") || $0.hasPrefix("options ") }
        text = (servers.map { "nameserver \($0)" } + others.map(String.init)).map { "\($0)\n" }.joined()
    }

    private static func reachable(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count >= 2, words[0] == "nameserver" else { return nil }
            let parts = words[1].split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }), parts[0] != "127", parts[0] != "0" else {
                return nil
            }
            return String(words[1])
        }
    }
}
