/// OAuth scopes as requests list them.
public enum Scopes {
    /// The scope of everything.
    public static let cloudPlatform = "https://www.googleapis.com/auth/cloud-platform"
    /// The longest list, in bytes.
    static let maximumLength = 8 << 10

    /// Whether a list is made of one scope or more, separated by blanks (RFC 6749, 3.3).
    public static func isWellFormed(_ list: String) -> Bool {
        list.utf8.count <= maximumLength && list.utf8.contains { $0 != 0x20 }
            && list.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}
