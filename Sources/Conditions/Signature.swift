/// A function that conditions may call, with the types it takes.
struct Signature: Sendable {
    /// `startsWith`, or `resource.matchTag` for the functions of a request's resource.
    let name: String
    /// The type of what stands before the dot; nil for a function that stands alone.
    let target: ValueType?
    let parameters: [ValueType]
    /// The type of the result; nil when it is that of the last argument.
    let result: ValueType?
    let operation: Operation

    enum Operation: Sendable {
        case unary(UnaryOperation)
        case binary(BinaryOperation)
        /// A field of a timestamp, as a clock in the zone of the argument shows it.
        case zoned(TimeField)
        /// What a template finds in a text.
        case extract
        /// Whether a list holds nothing but what stands in another, which is written out.
        case hasOnly
        /// An attribute of the API, or a default.
        case apiAttribute
    }

    /// All functions (IAM's attribute reference and CEL's standard definitions).
    static let all: [Signature] = texts + times + fields + attributes

    /// What calls `resource.` and `api.` begin with: they are no attributes themselves.
    static let namespaces: Set<String> = ["resource", "api"]

    private static let texts = [
        Signature(of: .string, "startsWith", [.string], .bool, .binary(.startsWith)),
        Signature(of: .string, "endsWith", [.string], .bool, .binary(.endsWith)),
        Signature(of: .string, "extract", [.string], .string, .extract),
        Signature(of: .list(.string), "hasOnly", [.list(.string)], .bool, .hasOnly),
        Signature(of: .list(.int), "hasOnly", [.list(.int)], .bool, .hasOnly),
    ]

    private static let times = [
        Signature("timestamp", [.string], .timestamp, .unary(.timestamp)),
        Signature("date", [.string], .timestamp, .unary(.date)),
        Signature("duration", [.string], .duration, .unary(.duration)),
    ]

    private static let fields =
        TimeField.allCases.flatMap { field in
            [
                Signature(of: .timestamp, field.rawValue, [], .int, .unary(.field(field, .utc))),
                Signature(of: .timestamp, field.rawValue, [.string], .int, .zoned(field)),
            ]
        }
        + TimeField.ofDurations.map { Signature(of: .duration, $0.rawValue, [], .int, .unary(.durationField($0))) }

    private static let attributes = [
        Signature("resource.matchTag", [.string, .string], .bool, .binary(.matchTag)),
        Signature("resource.matchTagId", [.string, .string], .bool, .binary(.matchTagID)),
        Signature("resource.hasTagKey", [.string], .bool, .unary(.hasTagKey)),
        Signature("resource.hasTagKeyId", [.string], .bool, .unary(.hasTagKeyID)),
        Signature("api.getAttribute", [.string, .anything], nil, .apiAttribute),
    ]

    private init(
        of target: ValueType? = nil, _ name: String, _ parameters: [ValueType], _ result: ValueType?,
        _ operation: Operation
    ) {
        self.name = name
        self.target = target
        self.parameters = parameters
        self.result = result
        self.operation = operation
    }

    /// Whether the function can be called with values of these types.
    func takes(_ target: ValueType?, _ arguments: [ValueType]) -> Bool {
        let isForTarget =
            switch (self.target, target) {
            case (nil, nil): true
            case (let left?, let right?): left.fits(right)
            default: false
            }
        return isForTarget && parameters.count == arguments.count
            && zip(parameters, arguments).allSatisfy { $0.fits($1) }
    }
}

extension Signature: CustomStringConvertible {
    /// `string.startsWith(string)`.
    var description: String { Self.describe(name, target, parameters) }

    /// A call as an error names it.
    static func describe(_ name: String, _ target: ValueType?, _ arguments: [ValueType]) -> String {
        (target.map { "\($0)." } ?? "") + "\(name)(" + arguments.map(\.description).joined(separator: ", ") + ")"
    }
}
