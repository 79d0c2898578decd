import Glibc

/// Why the certificate authority cannot do something.
public enum AuthorityError: Error, Equatable, CustomStringConvertible {
    /// The name is outside the authority's name constraints.
    case nameNotAllowed(String)
    /// The file with the key does not hold a P-256 key in PEM.
    case unreadableKey
    /// The file with the key belongs to another user, or others can read it.
    case exposedKey(String)
    /// What was tried with a file, and `errno`.
    case file(String, Int32)

    /// One line for the operator.
    public var description: String {
        switch self {
        case .nameNotAllowed(let name): "the authority does not certify \(name)"
        case .unreadableKey: "the certificate authority's key is damaged"
        case .exposedKey(let path): "\(path) must belong to the server's user and have mode 0600"
        case .file(let action, let code): "could not \(action): \(String(cString: strerror(code)))"
        }
    }
}
