import FoundationEssentials
import Requests

/// The id by which a caller marks repeats of one request (AIP-155).
enum RequestID {
    private static let zero = "00000000-0000-0000-0000-000000000000"

    /// Notes an id that is given, but is no UUID, or the zero one.
    static func check(_ text: String, _ violations: inout Violations) {
        guard !text.isEmpty else { return }
        if text == zero || UUID(uuidString: text) == nil {
            violations.add(FieldPath("request_id"), "must be a UUID other than the zero one")
        }
    }

    /// What the engine remembers a request by: the id within a place and an account, so that no other caller's
    /// request is taken for a repeat. Nil when the caller gave none.
    static func scoped(_ text: String, place: String, account: String) -> String? {
        text.isEmpty ? nil : "\(place)/\(account)/\(text.lowercased())"
    }
}
