/// Which part of a list of bindings is another one than before.
///
/// Clients write back what they have read, with a binding more or less or another member in one: of a large policy most
/// is as it was.
public struct BindingChange: Sendable {
    /// The bindings that are there no more, or are others now.
    public let old: Range<Int>
    /// Those that have come into their place.
    public let new: Range<Int>

    /// Compares two lists from both ends.
    public init(from old: [Binding], to new: [Binding]) {
        let begin = zip(old, new).prefix { $0 == $1 }.count
        let rest = min(old.count, new.count) - begin
        let end = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
        self.old = begin..<(old.count - end)
        self.new = begin..<(new.count - end)
    }
}
