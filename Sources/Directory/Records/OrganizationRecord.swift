import Access
import FoundationEssentials

/// An organization: the root of the hierarchy.
public struct OrganizationRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "organization"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.organizations }

    /// 12 digits.
    public var number: String
    /// The domain of its people: `example.com`.
    public var domain: String
    /// When it was made.
    public var createdAt: Date

    /// Makes a record of its parts.
    public init(number: String, domain: String, createdAt: Date) {
        self.number = number
        self.domain = domain
        self.createdAt = createdAt
    }

    /// What it is kept by.
    public var key: String { number }

    /// The organization as something that access is granted on.
    public var resource: Resource { .organization(number) }

    /// What names its people in policies and constraints: `C` and eight letters and digits, which follow from the
    /// number.
    public var customer: String {
        let digits = String(Int(number) ?? 0, radix: 36)
        return "C" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    /// Makes decisions obey it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        guard let new else {
            if let old { try access.remove(old.resource) }
            return
        }
        access.changeHierarchy { hierarchy in
            hierarchy.put(Organization(number: new.number, domain: new.domain, customer: new.customer))
        }
    }
}
