/// Where a field stands in a request: `job.task_groups[0].task_count`. Written as it reads:
/// `FieldPath("job").task_groups[0].task_count`.
@dynamicMemberLookup
struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    subscript(dynamicMember name: String) -> FieldPath { FieldPath("\(description).\(name)") }
    subscript(index: Int) -> FieldPath { FieldPath("\(description)[\(index)]") }
    subscript(key: String) -> FieldPath { FieldPath("\(description)[\"\(key.excerpt)\"]") }
}
