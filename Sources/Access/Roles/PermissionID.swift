/// The number of a known permission: its place in `permissions.txt`.
///
/// It means nothing outside the running program: another version numbers them anew.
public struct PermissionID: Hashable, Sendable {
    /// From 0 on.
    public let rawValue: UInt16

    init(_ rawValue: UInt16) { self.rawValue = rawValue }
}
