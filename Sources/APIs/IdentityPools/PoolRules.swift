import Federation
import Methods
import Schema
import SwiftProtobuf

/// What the fields of pools and of providers may be (IAM's reference).
enum PoolRules {
    private static let longestDisplayName = 32
    private static let longestDescription = 256

    /// Checks the id of a new workload identity pool or of a new provider.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func check(id: String, of title: String, field: String) throws {
        guard ProviderRules.isID(id) else {
            throw ServiceError.invalidArgument(
                "'\(id.prefix(100))' is not the id of a \(title): 4 to 32 lower-case letters, digits and hyphens, and not "
                    + "gcp- at the beginning.", field: field)
        }
    }

    /// Checks a name for people.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func check(displayName: String, field: String) throws {
        try check(displayName, isNoLongerThan: longestDisplayName, "display name", field: "\(field).display_name")
    }

    /// Checks a description.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func check(description: String, field: String) throws {
        try check(description, isNoLongerThan: longestDescription, "description", field: "\(field).description")
    }

    /// The seconds of a session.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func seconds(_ duration: Google_Protobuf_Duration, of family: PoolFamily) throws -> Int {
        guard duration.nanos == 0, family.sessions.contains(duration.seconds) else {
            throw ServiceError.invalidArgument(
                "The session duration of a \(family.title) is from \(family.sessions.lowerBound)s to "
                    + "\(family.sessions.upperBound)s, in whole seconds.", field: "\(family.field).session_duration")
        }
        return Int(duration.seconds)
    }

    /// The fields that an update changes.
    ///
    /// - Throws: `INVALID_ARGUMENT` when there are none.
    static func paths(of mask: Google_Protobuf_FieldMask) throws -> [String] {
        guard !mask.paths.isEmpty else {
            throw ServiceError.invalidArgument(
                "The update mask is missing: it says what to change.", field: "update_mask")
        }
        return mask.paths
    }

    /// An update mask with a field that cannot be changed.
    static func unchangeable(_ path: String, of title: String) -> ServiceError {
        .invalidArgument(
            "The update mask names '\(path.prefix(100))', which cannot be changed in a \(title).", field: "update_mask")
    }

    private static func check(_ text: String, isNoLongerThan most: Int, _ title: String, field: String) throws {
        guard text.unicodeScalars.count <= most else {
            throw ServiceError.invalidArgument("The \(title) has more than \(most) characters.", field: field)
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw ServiceError.invalidArgument("The \(title) has a control character.", field: field)
        }
    }
}

extension ServiceError {
    /// Something wrong with a provider: the first thing in words, all of them by their fields.
    init(_ violations: [ProviderRules.Violation], field: String) {
        let details = Google_Rpc_BadRequest.with {
            $0.fieldViolations = violations.map { violation in
                .with {
                    $0.field = "\(field).\(violation.field)"
                    $0.description_p = violation.message
                }
            }
        }
        self.init(.invalidArgument, violations.first?.message ?? "", details: [details])
    }
}
