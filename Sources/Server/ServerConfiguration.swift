import Access
import Glibc
import Identity
import Workload

/// What the owner of a server says about it.
public struct ServerConfiguration: Sendable {
    /// Where it keeps its state.
    public var layout: DataLayout
    /// The host that the port listens at.
    public var host: String
    /// The port; 0 takes a free one.
    public var port: Int
    /// E-mail address of the owner, for the first start; nil: the first person who logs in.
    public var owner: String?
    /// Id of the project that is meant where none is named, made if there is none; nil: the oldest, or `demo`.
    public var project: String?
    /// The domain under which the APIs answer beside `googleapis.com`.
    public var universe: String
    /// What id tokens name as their issuer, a URL; nil: `https://accounts.` and the universe.
    public var issuer: String?
    /// The POSIX accounts that jobs run as because the site has given them already.
    public private(set) var accounts = SiteAccounts()

    /// The directories of this machine that jobs may use.
    public private(set) var hostDirectories = HostDirectories()

    /// What a server needs to be told.
    public init(layout: DataLayout, host: String, port: Int, owner: String?, project: String?, universe: String) {
        self.layout = layout
        self.host = host
        self.port = port
        self.owner = owner
        self.project = project
        self.universe = universe
    }

    /// Checks what can be judged without a directory or a port, so that a server that cannot be is not begun.
    ///
    /// - Throws: `InstallationError` or `ServerFailure`, in words for the server's owner.
    public func check() throws {
        if let owner { try Installation.check(owner: owner) }
        if let project { try Installation.check(project: project) }
        if let issuer, !Self.isIssuer(issuer) {
            throw ServerFailure(
                "'\(issuer)' cannot be the issuer of id tokens: it must be a URL with http or https, without a query "
                    + "and without a slash at the end.")
        }
        // With one label the authority would vouch for a whole top-level domain.
        guard EmailAddress.canonicalDomain(universe) != nil else {
            throw ServerFailure("'\(universe)' is not a domain for a universe: choose one such as landfall.test.")
        }
    }

    /// Takes the site's accounts from the text of a file.
    ///
    /// - Throws: `ServerFailure` that names the file and the line of a mistake.
    public mutating func readAccounts(_ text: String, file: String) throws {
        do {
            accounts = try SiteAccounts(text: text)
        } catch {
            throw ServerFailure("\(file): \(error).")
        }
    }

    /// Opens directories of this machine to jobs.
    ///
    /// - Parameters:
    ///   - directories: absolute paths of directories.
    ///   - buckets: each `NAME=DIRECTORY`.
    ///   - exports: each `SERVER:/PATH=DIRECTORY`.
    /// - Throws: `ServerFailure` that names what is wrong.
    public mutating func open(directories: [String], buckets: [String], exports: [String]) throws {
        for path in directories { hostDirectories.open.append(try Self.directory(path)) }
        hostDirectories.buckets = try Self.directories(buckets, named: "NAME", by: Self.isBucket)
        hostDirectories.exports = try Self.directories(exports, named: "SERVER:/PATH", by: Self.isExport)
    }

    /// Directories by the names that stand before them and an equals sign.
    private static func directories(
        _ texts: [String], named form: String, by isName: (String) -> Bool
    ) throws -> [String: String] {
        var found: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, isName(parts[0]) else {
                throw ServerFailure("'\(text)' must look like \(form)=DIRECTORY.")
            }
            guard found.updateValue(try directory(parts[1]), forKey: parts[0]) == nil else {
                throw ServerFailure("'\(parts[0])' is given twice.")
            }
        }
        return found
    }

    /// A host, a colon and an absolute path.
    private static func isExport(_ name: String) -> Bool {
        guard let separator = name.range(of: ":/"), separator.lowerBound > name.startIndex else { return false }
        let path = name[name.index(after: separator.lowerBound)...]
        return HostDirectories.isPlain(String(path)) && path != "/"
    }

    /// What a path leads to, so that what is opened does not change with a link.
    private static func directory(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else {
            throw ServerFailure("'\(path)' cannot be opened to jobs: \(String(cString: strerror(errno))).")
        }
        defer { free(resolved) }
        let directory = String(cString: resolved)
        var status = stat()
        guard HostDirectories.isPlain(directory), directory != "/", stat(directory, &status) == 0,
            status.st_mode & S_IFMT == S_IFDIR
        else { throw ServerFailure("'\(path)' is no directory that can be opened to jobs.") }
        return directory
    }

    /// Cloud Storage, names of buckets: 3 to 63 of these characters, or longer with dots.
    private static func isBucket(_ name: String) -> Bool {
        (3...222).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || "-_.".utf8.contains(byte)
            }
    }

    /// Checks that no task would run as the server, whose files it could then read.
    ///
    /// - Throws: `ServerFailure`
    public func check(_ account: ServerAccount) throws {
        guard accounts.contains(uid: account.uid) else { return }
        throw ServerFailure(
            "The server would run as user \(account.uid), whom the file of accounts gives to tasks. Give the data "
                + "directory to another account, such as one named 'landfall'.")
    }

    /// All domains whose names the server answers to.
    var domains: [String] { ["googleapis.com", "pkg.dev", "run.app", universe] }

    /// OpenID Connect Discovery, 3.
    private static func isIssuer(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
        let rest = text.dropFirst(scheme.count).utf8
        return (1...500).contains(rest.count) && rest.last != UInt8(ascii: "/")
            && rest.allSatisfy { (0x21...0x7E).contains($0) && !"\"?#\\@".utf8.contains($0) }
    }
}
