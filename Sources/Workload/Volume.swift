/// Files that the steps of a task share, or that outlive it.
public struct Volume: Codable, Hashable, Sendable {
    /// Unique in the plan.
    public var name: String
    /// What is in it.
    public var source: Source
    /// Where steps that are not containers see it: an absolute path; nil: they do not.
    public var path: String?
    /// Nobody in the task can write to it.
    public var isReadOnly: Bool

    /// What is in a volume.
    public enum Source: Codable, Hashable, Sendable {
        /// Nothing at first; kept in memory, as part of the task's, and gone with the attempt. The limit is in MiB; nil:
        /// as much as the task may have.
        case memory(limitMiB: Int?)
        /// Nothing at first; kept on the node's disk, and gone with the attempt.
        case disk
        /// A directory of the node that its operator has opened to tasks.
        case hostDirectory(path: String)
        /// Secrets as files.
        case secrets([SecretFile])
    }

    /// A volume that can be written to, unless told otherwise.
    public init(name: String, source: Source, path: String? = nil, isReadOnly: Bool = false) {
        self.name = name
        self.source = source
        self.path = path
        self.isReadOnly = isReadOnly
    }
}

/// A version of a secret.
public struct SecretReference: Codable, Hashable, Sendable {
    /// Id or number of the project that the secret is in.
    public var project: String
    /// The secret's id.
    public var secret: String
    /// A number, an alias, or `latest`.
    public var version: String

    /// A version of a secret.
    public init(project: String, secret: String, version: String = "latest") {
        self.project = project
        self.secret = secret
        self.version = version
    }

    /// Reads `projects/P/secrets/S/versions/V`.
    ///
    /// - Returns: nil when that is not what the path looks like.
    public init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "projects", parts[2] == "secrets", parts[4] == "versions",
            [parts[1], parts[3], parts[5]].allSatisfy(Self.isName)
        else { return nil }
        self.init(project: parts[1], secret: parts[3], version: parts[5])
    }

    /// Secret Manager: letters, digits, `-` and `_`, at most 255. Ids of projects may have a domain in front.
    private static func isName(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || "-_.:".utf8.contains(byte)
            }
    }

    /// `projects/P/secrets/S/versions/V`
    public var path: String { "projects/\(project)/secrets/\(secret)/versions/\(version)" }
}

/// A secret that appears as a file of a volume.
public struct SecretFile: Codable, Hashable, Sendable {
    /// Relative to the volume, without `..`.
    public var path: String
    /// Which secret.
    public var secret: SecretReference
    /// Permission bits: 0o444 unless the job says otherwise.
    public var mode: UInt16

    /// A secret at a path.
    public init(path: String, secret: SecretReference, mode: UInt16 = 0o444) {
        self.path = path
        self.secret = secret
        self.mode = mode
    }
}
