import CSandbox
import Glibc

/// The nftables rules of one agent: one table, loaded once.
struct NetworkRules: Sendable {
    let table: String
    let interfacePrefix: String
    /// The tasks' addresses, as in `100.64.0.0/15`.
    let network: String
    /// Name servers of the host, which tasks may ask even at an address that is otherwise refused.
    let nameServers: [String]

    /// Where clouds serve a virtual machine's own credentials beside the link-local addresses: Azure, Alibaba, Oracle.
    private static let metadata = "168.63.129.16, 100.100.100.200, 192.0.0.192"
    private static let programs = ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"]

    /// The `nft` program, or nil where there is none.
    static var program: String? { programs.first { access($0, X_OK) == 0 } }

    /// The ruleset as `nft -f` reads it; it takes the place of an earlier one.
    var text: String {
        let task = "iifname \"\(interfacePrefix)*\""
        let resolvers = nameServers.joined(separator: ", ")
        let askNames =
            nameServers.isEmpty
            ? ""
            : """
            \(task) ip daddr { \(resolvers) } udp dport 53 accept
                    \(task) ip daddr { \(resolvers) } tcp dport 53 accept
            """
        return """
            \(removal)
            table inet \(table) {
                chain from_tasks {
                    type filter hook prerouting priority raw; policy accept;
                    \(task) ip saddr != \(network) drop
                    \(askNames)
                    \(task) fib daddr type local drop
                }
                chain to_host {
                    type filter hook input priority filter; policy accept;
                    \(askNames)
                    \(task) drop
                }
                chain through {
                    type filter hook forward priority filter; policy accept;
                    \(task) oifname "lf*" drop
                    \(askNames)
                    \(task) ip daddr { 169.254.0.0/16, \(Self.metadata), 224.0.0.0/4 } drop
                    oifname "\(interfacePrefix)*" ct state established,related accept
                    oifname "\(interfacePrefix)*" drop
                }
                chain outwards {
                    type nat hook postrouting priority srcnat; policy accept;
                    ip saddr \(network) oifname != "lf*" masquerade
                }
            }

            """
    }

    private var removal: String { "add table inet \(table)\ndelete table inet \(table)" }

    /// Loads the rules.
    func load() throws { try Self.run(text) }

    /// Removes the table; none is no error.
    static func remove(table: String) { try? run("add table inet \(table)\ndelete table inet \(table)\n") }

    private static func run(_ text: String) throws {
        guard let program else {
            throw SandboxError("the program nft is missing: install the package nftables")
        }
        var arguments = [strdup(program), strdup("-f"), strdup("-"), nil]
        defer { arguments.forEach { free($0) } }
        var message = [CChar](repeating: 0, count: 2048)
        let status = sandbox_run(program, &arguments, text, &message, message.count)
        try checked(status, "run \(program)")
        guard status == 0 else {
            let words = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw SandboxError("nftables refused the rules that keep tasks apart: \(words)")
        }
    }
}
