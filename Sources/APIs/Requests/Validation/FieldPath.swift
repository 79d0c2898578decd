/// Where a field stands in a request: `job.task_groups[0].task_count`. Written as it reads:
/// `FieldPath("job").task_groups[0].task_count`.
@dynamicMemberLookup
public struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    /// As it reads.
    public let description: String

    /// A path of this text.
    public init(_ description: String) { self.description = description }

    /// A field of the message there.
    public subscript(dynamicMember name: String) -> FieldPath { FieldPath("\(description).\(name)") }
    /// An element of the list there.
    public subscript(index: Int) -> FieldPath { FieldPath("\(description)[\(index)]") }
    /// The value of a key of the map there.
    public subscript(key: String) -> FieldPath { FieldPath("\(description)[\"\(key.excerpt)\"]") }
}
