import Methods
import Schema

/// What is wrong with the fields of a request, in Google's words.
struct Violations {
    /// How many are told; a client that sends more wrong fields learns of the others afterwards.
    static let limit = 50
    /// How many characters of a wrong value are repeated.
    private static let valueLimit = 128

    private(set) var found: [Google_Rpc_BadRequest.FieldViolation] = []

    var isEmpty: Bool { found.isEmpty }

    /// As many as the limit: the rest of the request need not be looked at.
    struct Full: Error {}

    /// - Throws: ``Full`` when no more will be told.
    func checkRoom() throws {
        if found.count >= Self.limit { throw Full() }
    }

    /// A member that no field is called after, or that cannot be what it is.
    ///
    /// - Parameter location: Path of the message that it stands in; empty for the request.
    mutating func unknownName(_ name: String, at location: String, _ reason: String) {
        let place = location.isEmpty ? "" : " at '\(location)'"
        add(location, "Invalid JSON payload received. Unknown name \"\(Self.shortened(name))\"\(place): \(reason)")
    }

    /// A member that an object has twice.
    mutating func duplicateName(_ name: String, at location: String) {
        let place = location.isEmpty ? "" : " at '\(location)'"
        add(location, "Invalid JSON payload received. Duplicate name \"\(Self.shortened(name))\"\(place).")
    }

    /// A value that its field cannot take.
    ///
    /// - Parameters:
    ///   - type: `TYPE_INT64`, `type.googleapis.com/…` or `oneof`.
    ///   - value: The value as it was written, or the reason.
    mutating func invalidValue(
        at location: String, type: String, _ value: String
    ) {
        add(location, "Invalid value at '\(location)' (\(type)), \(Self.shortened(value))")
    }

    /// Any other fault of one field.
    mutating func add(_ location: String, _ description: String) {
        guard found.count < Self.limit else { return }
        found.append(
            .with {
                $0.field = location
                $0.description_p = description
            })
    }

    /// - Throws: `INVALID_ARGUMENT` with all of them, if there are any.
    func check() throws {
        guard !isEmpty else { return }
        throw ServiceError(
            .invalidArgument, found.map(\.description_p).joined(separator: "\n"),
            details: [Google_Rpc_BadRequest.with { $0.fieldViolations = found }])
    }

    private static func shortened(_ text: String) -> String {
        text.count <= valueLimit ? text : text.prefix(valueLimit) + "…"
    }
}
