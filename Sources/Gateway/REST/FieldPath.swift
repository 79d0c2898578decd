/// Where in a request the codec is: `job.task_groups[0].task_spec`.
struct FieldPath {
    private enum Element {
        case field(String)
        case index(Int)
    }

    private var elements: [Element] = []

    mutating func enter(field: String) { elements.append(.field(field)) }
    mutating func enter(index: Int) { elements.append(.index(index)) }
    mutating func leave() { elements.removeLast() }

    /// As errors name it. Put together only when there is an error.
    var text: String {
        elements.reduce(into: "") { text, element in
            switch element {
            case .field(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}
