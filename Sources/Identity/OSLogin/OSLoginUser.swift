import Access
import Crypto
import Directory
import FoundationEssentials

/// A principal as OS Login names it.
public struct OSLoginUser: Hashable, Sendable {
    /// Who it is.
    public let principal: Principal
    /// 21 digits that are nobody else's: the unique id of a service account; of others, what follows from their name.
    public let id: String

    /// The user that a principal is.
    ///
    /// - Parameter state: knows the unique id of a service account of which the address alone is known.
    init(_ principal: Principal, in state: DirectoryState) {
        self.principal = principal
        switch principal {
        case .serviceAccount(let email, let uniqueID):
            id = uniqueID ?? state.serviceAccount(email)?.uniqueID ?? Self.number(of: email)
        case .user, .federated, .unauthenticated:
            id = Self.number(of: principal.name)
        }
    }

    /// How names of resources call it: the e-mail address, or the number where there is none.
    public var name: String { principal.email ?? id }

    /// Whether a request means this user: by the address in any case, or by the number.
    public func isNamed(_ text: String) -> Bool { text == id || text.lowercased() == principal.email }

    /// What its profile is kept under: another account of the same address has another profile.
    var owner: String {
        if case .serviceAccount = principal { return "serviceAccount:\(id)" }
        return principal.member
    }

    private static func number(of name: String) -> String {
        "1" + SHA256.hash(data: Data(name.utf8)).prefix(20).map { String($0 % 10) }.joined()
    }
}
