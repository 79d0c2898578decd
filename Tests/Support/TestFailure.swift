/// Something that a test needs did not work.
public struct TestFailure: Error, CustomStringConvertible {
    /// What, in a sentence.
    public var description: String

    /// A failure with its sentence.
    public init(_ description: String) {
        self.description = description
    }
}
