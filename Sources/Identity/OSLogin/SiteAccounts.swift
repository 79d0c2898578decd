import Access
import Workload

/// The POSIX accounts that a site has given to principals already, in its directory service or on its machines: jobs
/// run as these, in place of accounts that OS Login makes.
public struct SiteAccounts: Sendable {
    /// The most principals of a file.
    public static let maximumCount = 100_000

    private var accounts: [Principal: PosixAccount] = [:]
    private var byUsername: [String: PosixAccount] = [:]
    private var byUID: [UInt32: PosixAccount] = [:]

    /// None: every account is OS Login's.
    public init() {}

    /// Reads a file: on each line a principal, its user name, its uid and perhaps its gid, which is else the uid.
    /// Principals are e-mail addresses, or `principal://` identifiers of pools; `#` begins a comment.
    ///
    /// Several principals may have one account, and then have all of it in common.
    ///
    /// - Throws: what is wrong, with the number of the line.
    public init(text: String) throws(SiteAccountsError) {
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let fields = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard !fields.isEmpty else { continue }
            do {
                try add(fields)
            } catch {
                throw SiteAccountsError(line: number, reason: error)
            }
        }
    }

    /// The account that a principal has here; nil when it is for OS Login to make.
    public func account(of principal: Principal) -> PosixAccount? { accounts[Self.key(principal)] }

    /// Whether a user name is one of these accounts'.
    func contains(username: String) -> Bool { byUsername[username] != nil }

    /// Whether a uid is one of these accounts'.
    public func contains(uid: UInt32) -> Bool { byUID[uid] != nil }

    private mutating func add(_ fields: [Substring]) throws(SiteAccountsError.Reason) {
        guard (3...4).contains(fields.count) else { throw .fields }
        guard let principal = Self.principal(String(fields[0])) else { throw .principal(String(fields[0])) }
        guard Self.isUsername(fields[1]) else { throw .username(String(fields[1])) }
        let username = String(fields[1])
        let uid = try Self.number(fields[2])
        let account = PosixAccount(
            username: username, uid: uid, gid: fields.count == 4 ? try Self.number(fields[3]) : uid,
            home: "/home/\(username)")
        guard accounts[principal] == nil else { throw .repeated(String(fields[0])) }
        guard accounts.count < Self.maximumCount else { throw .tooMany }
        for known in [byUsername[username], byUID[uid]] where known != nil && known != account {
            throw .contradiction(username, uid)
        }
        accounts[principal] = account
        byUsername[username] = account
        byUID[uid] = account
    }

    private static func principal(_ text: String) -> Principal? {
        if let email = EmailAddress.canonical(text) {
            return key(EmailAddress.isServiceAccount(email) ? .serviceAccount(email) : .user(email))
        }
        guard case .subject(let subject, let pool)? = Member(text) else { return nil }
        return .federated(FederatedIdentity(pool: pool, subject: subject))
    }

    /// The principal by what the file can say of it: neither a unique id nor groups.
    private static func key(_ principal: Principal) -> Principal {
        switch principal {
        case .serviceAccount(let email, _): .serviceAccount(email)
        case .federated(let identity):
            .federated(FederatedIdentity(pool: identity.pool, subject: identity.subject))
        case .user, .unauthenticated: principal
        }
    }

    /// A name that sandboxes take: `root` is nobody's there.
    private static func isUsername(_ text: Substring) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
        }
        return (1...OSLoginName.maximumLength).contains(text.utf8.count) && isPlain && !isDigits(text)
            && text.first != "-" && text.first != "." && text != "root"
    }

    /// The numbers of people: below are the system's, whose files and devices no task may touch, above those that
    /// Landfall gives out.
    private static func number(_ text: Substring) throws(SiteAccountsError.Reason) -> UInt32 {
        guard isDigits(text), let number = UInt32(text), (1000..<0x7000_0000).contains(number), number != 65534,
            number != 65535
        else {
            throw .number(String(text))
        }
        return number
    }

    private static func isDigits(_ text: Substring) -> Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
}

/// Why a file of accounts cannot be used.
public struct SiteAccountsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with a line.
    public enum Reason: Error, Hashable, Sendable {
        case fields
        case principal(String)
        case username(String)
        case number(String)
        case repeated(String)
        case contradiction(String, UInt32)
        case tooMany
    }

    /// Counted from 1.
    public let line: Int
    /// What is wrong.
    public let reason: Reason

    /// One sentence for people.
    public var description: String { "line \(line): \(sentence)" }

    private var sentence: String {
        switch reason {
        case .fields: "a line is 'PRINCIPAL USER UID' or 'PRINCIPAL USER UID GID'"
        case .principal(let text):
            "'\(text.prefix(200))' is neither an e-mail address nor a principal:// identifier of a pool"
        case .username(let text):
            "'\(text.prefix(200))' is not a user name: 1 to \(OSLoginName.maximumLength) lower-case letters, digits, "
                + "'_', '-' and '.', and not 'root'"
        case .number(let text):
            "'\(text.prefix(200))' is not the number of a person or a group of people: 1000 to 1879048191, and neither "
                + "65534 nor 65535"
        case .repeated(let text): "'\(text.prefix(200))' has an account on a line before"
        case .contradiction(let name, let uid):
            "the name '\(name)' or the uid \(uid) stands on a line before, in another account"
        case .tooMany: "there are more than \(SiteAccounts.maximumCount) accounts"
        }
    }
}
