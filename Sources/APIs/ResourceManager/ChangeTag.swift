import FoundationEssentials

/// The etags of projects and folders, which follow from when they were last changed.
enum ChangeTag {
    /// `W/"…"`
    static func text(of time: Date) -> String {
        "W/\"\(String(time.timeIntervalSinceReferenceDate.bitPattern, radix: 16))\""
    }
}
