import CSandbox
import Glibc
import SystemPackage

/// The tree that sandboxes start from, on disk: empty directories, and of the host's `/etc` copies of what is harmless.
/// The launcher puts the shown paths into their places.
struct RootFiles {
    /// Names of `/etc` that are copied, where the host has them and everyone may read them. Passwords, keys, people and
    /// services' configuration are not among them.
    static let configuration = [
        "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "ssl", "ca-certificates", "ca-certificates.conf",
        "pki", "host.conf", "gai.conf", "services", "protocols", "rpc", "networks", "ethertypes", "localtime",
        "timezone", "debian_version", "os-release", "lsb-release", "redhat-release", "profile", "profile.d",
        "bash.bashrc", "bash_completion.d", "inputrc", "environment", "skel", "shells", "mime.types", "magic",
        "magic.mime", "mailcap", "locale.alias", "locale.gen", "locale.conf", "login.defs", "adduser.conf",
        "deluser.conf", "debconf.conf", "apt", "dpkg", "perl", "python3", "python3.11", "python3.12", "python3.13",
        "java-17-openjdk", "java-21-openjdk", "fonts", "terminfo", "nanorc", "vim", "wgetrc", "xattr.conf", "mtab",
        "issue", "default", "init.d", "rc0.d", "rc1.d", "rc2.d", "rc3.d", "rc4.d", "rc5.d", "rc6.d", "rcS.d",
        "kernel", "logrotate.d", "cron.d", "cron.daily", "update-motd.d", "sgml", "xml", "emacs", "R", "OpenCL",
        // Without PAM, root can neither make accounts nor become one: packages do both when they are installed.
        "pam.conf", "pam.d", "security",
    ]

    private static let directories: [(path: String, mode: mode_t)] = [
        ("etc", 0o755), ("etc/landfall", 0o755), ("tmp", 0o1777), ("run", 0o755), ("home", 0o755), ("root", 0o700),
        ("dev", 0o755),
        ("proc", 0o755), ("sys", 0o755), ("sys/fs", 0o755),
        ("sys/fs/cgroup", 0o755), ("mnt", 0o755), ("media", 0o755), ("srv", 0o755), ("boot", 0o755),
        ("var", 0o755), ("var/tmp", 0o1777), ("var/lib", 0o755), ("var/lib/misc", 0o755), ("var/cache", 0o755),
        ("var/cache/apt", 0o755), ("var/cache/apt/archives", 0o755), ("var/cache/apt/archives/partial", 0o700),
        ("var/cache/debconf", 0o755), ("var/cache/ldconfig", 0o700), ("var/log", 0o755), ("var/log/apt", 0o755),
        ("var/spool", 0o755), ("var/local", 0o755), ("var/mail", 0o755), ("var/opt", 0o755), ("var/backups", 0o755),
    ]

    let base: FileDescriptor
    let accounts: AccountFiles
    let resolution: NameResolution

    /// Fills an empty directory.
    func fill(shown: [ShownPath]) throws {
        for (path, mode) in Self.directories { try Directory.make(path, in: base, mode: mode) }
        for (link, target) in [("var/run", "/run"), ("var/lock", "/run/lock")] {
            try checkedErrno(symlinkat(target, base.rawValue, link), "link \(link)")
        }
        for name in ShownPath.systemNames { try copyLink(name) }
        let etc = try Directory.open("etc", in: base)
        defer { try? etc.close() }
        for name in Self.configuration {
            let result = sandbox_copy_public("/etc/\(name)", etc.rawValue, name)
            // A host need not have them all.
            if result != -ENOENT { try checked(result, "copy /etc/\(name)") }
        }
        try writeOwn(etc)
        for path in shown { try makePlace(path.path) }
    }

    /// Puts a file into `/etc/landfall` of a tree that sandboxes are made over already.
    static func show(_ content: [UInt8], as name: String, below base: String) throws {
        let directory = try Directory.open("\(base)/etc/landfall")
        defer { try? directory.close() }
        let draft = "\(name).new"
        unlinkat(directory.rawValue, draft, 0)
        let raw = openat(directory.rawValue, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        let file = FileDescriptor(rawValue: try checkedErrno(raw, "create \(draft)"))
        do {
            try file.closeAfter { _ = try file.writeAll(content) }
        } catch let error as Errno {
            throw SandboxError("cannot write \(draft)", errno: error.rawValue)
        }
        try checkedErrno(
            renameat(directory.rawValue, draft, directory.rawValue, name), "put \(name) in its place")
    }

    private func writeOwn(_ etc: FileDescriptor) throws {
        let nsswitch = ["passwd", "group", "shadow", "gshadow", "networks", "protocols", "services", "ethers", "rpc"]
        let lookups = nsswitch.map { "\($0): files\n" }.joined() + "hosts: files dns\n"
        try TextFile.create(lookups, in: etc, "nsswitch.conf")
        try TextFile.create(accounts.passwd, in: etc, "passwd")
        try TextFile.create(accounts.group, in: etc, "group")
        try TextFile.create(accounts.locked(accounts.passwd, fieldCount: 9), in: etc, "shadow", mode: 0o640)
        try TextFile.create(accounts.locked(accounts.group, fieldCount: 4), in: etc, "gshadow", mode: 0o640)
        try TextFile.create(resolution.text, in: etc, "resolv.conf")
        try TextFile.create("", in: etc, "fstab")
        // Each sandbox shows its own over these.
        try TextFile.create("", in: etc, "hosts")
        try TextFile.create("", in: etc, "hostname")
    }

    /// `/bin` and the like, where they are links into `/usr`.
    private func copyLink(_ name: String) throws {
        var status = stat()
        guard lstat("/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return }
        try checked(sandbox_copy_public("/\(name)", base.rawValue, name), "copy /\(name)")
    }

    /// A directory or file for the launcher to mount a shown path on.
    private func makePlace(_ path: String) throws {
        let parts = path.split(separator: "/").map(String.init)
        var status = stat()
        let isDirectory = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        for index in parts.indices {
            let place = parts[0...index].joined(separator: "/")
            if index < parts.count - 1 || isDirectory {
                try Directory.make(place, in: base)
            } else {
                try TextFile.create("", in: base, place)
            }
        }
    }
}
