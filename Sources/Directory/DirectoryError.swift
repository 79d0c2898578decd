/// Why a directory cannot be read or changed.
public enum DirectoryError: Error, Hashable, Sendable {
    /// Something of that name, number or address exists.
    case alreadyExists
    /// Something has changed since the caller read it.
    case conflict
    /// There are as many as may be.
    case limitReached(Int)
    /// A record on disk that no version up to this one can have written.
    case unreadable(kind: String, key: String)
}
