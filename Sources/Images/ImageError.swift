/// Why an image cannot be had.
public struct ImageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Who has to do something about it.
    public enum Kind: Hashable, Sendable {
        /// The registry has no such image, or does not say so to whoever asks.
        case notFound
        /// The registry does not know what was shown as proof of who asks, or asks for one: another may be taken.
        case unauthenticated
        /// Whoever asks may not read it.
        case denied
        /// The registry cannot be reached, or is not well; later it may be.
        case unavailable
        /// It has no variant for this machine.
        case wrongPlatform
        /// It breaks a rule, or is not what its digest says.
        case invalid
        /// This machine's disk has no room for it.
        case diskFull
        /// This machine cannot keep it, for another reason.
        case machine
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// A sentence that names the image or its part.
    public let description: String

    /// A failure in words.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
