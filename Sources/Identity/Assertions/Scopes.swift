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

    /// Those of a list that were granted, in the order of the list; nil when there are none.
    ///
    /// - Parameters:
    ///   - granted: separated by blanks; empty for all.
    ///   - list: what is asked for; nil or empty for what was granted.
    public static func narrowed(_ granted: String, to list: String?) -> String? {
        guard let list, !list.isEmpty else { return granted.isEmpty ? cloudPlatform : granted }
        guard isWellFormed(list) else { return nil }
        guard !granted.isEmpty else { return list }
        let all = Set(granted.split(separator: " "))
        let kept = list.split(separator: " ").filter(all.contains)
        return kept.isEmpty ? nil : kept.joined(separator: " ")
    }
}
