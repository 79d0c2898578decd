import Foundation

/// What an upload is known by: a UUID in lower case, which nobody can guess.
public struct UploadID: Hashable, Sendable {
    /// 36 characters.
    public let text: String

    /// A new one.
    init() { text = UUID().uuidString.lowercased() }

    /// Nil for what is no UUID.
    public init?(_ text: String) {
        guard let uuid = UUID(uuidString: text), uuid.uuidString.lowercased() == text else { return nil }
        self.text = text
    }
}
