import Access
import Crypto
import FoundationEssentials

/// How OS Login names and numbers the POSIX account of a user, and what it takes instead when that is taken.
struct OSLoginName {
    /// The longest username.
    static let maximumLength = 32
    /// The numbers that are given out; far from those of the host's own accounts and from the ranges that user
    /// namespaces are mapped to.
    static let uids: Range<UInt32> = 0x8000_0000..<0xF000_0000

    private let principal: Principal
    private let base: String

    /// - Parameters:
    ///   - user: whose account it is.
    ///   - isInternal: whether the user belongs to the organization; the names of others begin with `ext_`.
    init(_ user: OSLoginUser, isInternal: Bool) {
        principal = user.principal
        switch principal {
        case .user(let email):
            let name = (isInternal ? "" : "ext_") + Self.portable(email)
            base = name.hasPrefix("-") ? "_" + name : name
        case .serviceAccount:
            base = "sa_" + user.id
        case .federated(let identity):
            base = "ext_" + Self.portable(identity.subject)
        case .unauthenticated:
            base = "ext_" + principal.name
        }
    }

    /// The username, or after collisions one that ends with a part of a digest.
    func username(attempt: Int) -> String {
        guard attempt > 0 else { return String(base.prefix(Self.maximumLength)) }
        let suffix = "_" + String(number(salt: "username \(attempt)") % 0x100_0000, radix: 16)
        return base.prefix(Self.maximumLength - suffix.count) + suffix
    }

    /// The uid, which follows from the principal and the number of collisions.
    func uid(attempt: Int) -> UInt32 {
        let size = UInt64(Self.uids.upperBound - Self.uids.lowerBound)
        return Self.uids.lowerBound + UInt32(number(salt: "uid \(attempt)") % size)
    }

    private func number(salt: String) -> UInt64 {
        SHA256.hash(data: Data("\(salt) \(principal.member)".utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func portable(_ name: String) -> String {
        String(
            name.map { character in
                let isKept = character.isASCII && (character.isLetter || character.isNumber || character == "-")
                return isKept ? character : "_"
            })
    }
}
