import Access
import Directory
import Methods

/// Somebody in a group: as policies write members, or by an e-mail address alone, which is a service account's when it
/// is of a domain of service accounts, and else a person's.
struct GroupMember {
    private let member: Member

    /// Reads a member.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ text: String, field: String) throws {
        guard let member = Member(text) ?? Self.person(text) else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' is neither an e-mail address nor user:, serviceAccount: or group: and one.",
                field: field)
        }
        switch member {
        case .user, .serviceAccount, .group: self.member = member
        default:
            throw ServiceError.invalidArgument(
                "Only people, service accounts and groups can be in a group, not '\(text.prefix(300))'.", field: field)
        }
    }

    /// As policies write it.
    var text: String { member.text }

    /// Why it cannot be added: nil when it exists.
    func objection(in state: DirectoryState) -> String? {
        switch member {
        case .serviceAccount(let email) where state.serviceAccount(email) == nil:
            "There is no service account \(email) in this installation."
        case .group(let address) where state.groups[address] == nil: "There is no group \(address)."
        default: nil
        }
    }

    private static func person(_ text: String) -> Member? {
        guard let address = EmailAddress.canonical(text) else { return nil }
        return EmailAddress.isServiceAccount(address) ? .serviceAccount(address) : .user(address)
    }
}
