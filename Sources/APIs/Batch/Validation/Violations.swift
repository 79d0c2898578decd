import Methods
import Schema

/// Everything that is wrong with a request, so that its author hears of it at once.
struct Violations: Sendable {
    /// gRPC clients refuse headers above 8 KiB, which is where errors travel.
    private static let maxReported = 12

    private(set) var found: [Google_Rpc_BadRequest.FieldViolation] = []

    /// Notes a problem: a phrase such as `must be 1 to 100000, but is 0`.
    mutating func add(_ field: FieldPath, _ problem: String) {
        found.append(
            .with {
                $0.field = field.description
                $0.description_p = problem
            })
    }

    /// Notes the use of a field that is known, but not served.
    mutating func addUnsupported(_ field: FieldPath, _ reason: String) {
        add(field, "is not supported: \(reason)")
    }

    /// - Throws: `INVALID_ARGUMENT` that names all fields in question.
    func check() throws {
        guard let first = found.first else { return }
        let reported = found.prefix(Self.maxReported)
        let message: String
        if found.count == 1 {
            message = "Invalid value for '\(first.field)': \(first.description_p)."
        } else {
            let list = reported.map { "'\($0.field)': \($0.description_p)" }.joined(separator: "; ")
            let more = found.count - reported.count
            message = "Invalid values for \(found.count) fields: \(list)\(more > 0 ? "; and \(more) more" : "")."
        }
        throw ServiceError(
            .invalidArgument, message,
            details: [Google_Rpc_BadRequest.with { $0.fieldViolations = Array(reported) }])
    }
}
