import Glibc

/// A path of the host that sandboxes show at the same place.
struct ShownPath: Hashable, Sendable {
    /// How the launcher is told.
    enum Kind: String, Sendable {
        /// Read-only for everyone.
        case readOnly = "--show"
        /// Read-only for accounts; root tasks write over it in their overlay.
        case layered = "--layer"
        /// Only root tasks have it, and write over it.
        case forRoot = "--root-layer"
    }

    let path: String
    let kind: Kind

    /// Directories at the top that are links into `/usr` on most systems.
    static let systemNames = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]

    /// What this host has of the paths shown by default, and the operator's additions.
    static func onThisHost(additions: [String]) throws -> [ShownPath] {
        var shown = (["/usr", "/opt"] + systemNames.map { "/\($0)" }).map { ShownPath(path: $0, kind: .layered) }
        shown += ["/var/lib/dpkg", "/var/lib/apt"].map { ShownPath(path: $0, kind: .forRoot) }
        shown = shown.filter { isDirectory($0.path) }
        for path in additions {
            try check(path)
            shown.append(ShownPath(path: path, kind: .readOnly))
        }
        return shown
    }

    /// An addition must be an absolute path without `..` that exists, and not hide what a sandbox is made of.
    private static func check(_ path: String) throws {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.hasPrefix("/"), parts.count > 1, parts.dropFirst().allSatisfy({ !["", ".", ".."].contains($0) })
        else { throw SandboxError("not a plain absolute path to show in sandboxes: \(path)") }
        let own = ["usr", "opt", "etc", "tmp", "run", "home", "root", "dev", "proc", "sys", "var"]
        if parts.count == 2, own.contains(String(parts[1])) {
            throw SandboxError("sandboxes have a \(path) of their own: show a directory below it instead")
        }
        if ["dev", "proc", "sys", "tmp", "run", "usr", "opt"].contains(String(parts[1])) {
            throw SandboxError("\(path) cannot be shown: sandboxes have a /\(parts[1]) of their own")
        }
        guard access(path, F_OK) == 0 else { throw SandboxError("there is no \(path) to show in sandboxes") }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
