import Methods
import Schema

/// Everything that is wrong with a request, so that its author hears of it at once.
public struct Violations: Sendable {
    /// gRPC clients refuse headers above 8 KiB, which is where errors travel.
    private static let maxReported = 12

    /// The first of them.
    public private(set) var found: [Google_Rpc_BadRequest.FieldViolation] = []
    /// How many there are.
    public private(set) var count = 0

    /// Nothing is wrong yet.
    public init() {}

    /// Notes a problem: a phrase such as `must be 1 to 100000, but is 0`.
    public mutating func add(_ field: FieldPath, _ problem: String) {
        count += 1
        guard found.count < Self.maxReported else { return }
        found.append(
            .with {
                $0.field = field.description
                $0.description_p = problem
            })
    }

    /// Notes the use of a field that is known, but not served.
    public mutating func addUnsupported(_ field: FieldPath, _ reason: String) {
        add(field, "is not supported: \(reason)")
    }

    /// Takes over what was found elsewhere in the same request.
    public mutating func merge(_ other: Violations) {
        count += other.count
        found = Array((found + other.found).prefix(Self.maxReported))
    }

    /// Refuses the request when anything was found.
    ///
    /// - Throws: `INVALID_ARGUMENT` that names all fields in question.
    public func check() throws {
        if let error { throw error }
    }

    /// What `check` throws; nil when there is nothing wrong.
    public var error: ServiceError? {
        guard let first = found.first else { return nil }
        let message: String
        if count == 1 {
            message = "Invalid value for '\(first.field)': \(first.description_p)."
        } else {
            let list = found.map { "'\($0.field)': \($0.description_p)" }.joined(separator: "; ")
            let more = count - found.count
            message = "Invalid values for \(count) fields: \(list)\(more > 0 ? "; and \(more) more" : "")."
        }
        return ServiceError(
            .invalidArgument, message,
            details: [Google_Rpc_BadRequest.with { $0.fieldViolations = found }])
    }
}
