import Identity
import Methods

/// What a project may be called (Resource Manager, the fields of a project).
enum ProjectRules {
    private static let displayNameLengths = 4...30
    private static let maximumLabels = 64
    private static let maximumLabelLength = 63

    /// Checks the id of a new project.
    ///
    /// - Throws: `INVALID_ARGUMENT`, as all of these.
    static func check(id: String, field: String) throws {
        let lengths = ProjectID.lengths
        guard ProjectID.isWellFormed(id) else {
            throw ServiceError.invalidArgument(
                "'\(id.prefix(100))' is not a project id: \(lengths.lowerBound) to \(lengths.upperBound) lower-case "
                    + "letters, digits and hyphens, beginning with a letter and not ending with a hyphen.",
                field: field)
        }
        if let word = ProjectID.reservedWord(in: id) {
            throw ServiceError.invalidArgument(
                "'\(id)' is not a project id: it contains '\(word)', which is reserved.", field: field)
        }
    }

    static func check(displayName: String, field: String) throws {
        let lengths = displayNameLengths
        guard lengths.contains(displayName.utf8.count),
            displayName.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-'\" !".contains($0)) })
        else {
            throw ServiceError.invalidArgument(
                "'\(displayName.prefix(100))' is not the name of a project: \(lengths.lowerBound) to "
                    + "\(lengths.upperBound) letters, digits, hyphens, quotes, spaces and exclamation marks.",
                field: field)
        }
    }

    static func check(labels: [String: String], field: String) throws {
        guard labels.count <= maximumLabels else {
            throw ServiceError.invalidArgument(
                "A project has at most \(maximumLabels) labels, not \(labels.count).", field: field)
        }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            guard isLabel(key), key.first?.isLetter == true else {
                throw ServiceError.invalidArgument(
                    "'\(key.prefix(100))' is not the key of a label: 1 to \(maximumLabelLength) lower-case letters, "
                        + "digits, '_' and '-', beginning with a letter.",
                    field: field)
            }
            guard isLabel(value) else {
                throw ServiceError.invalidArgument(
                    "The value of the label '\(key)' must be at most \(maximumLabelLength) lower-case letters, digits, "
                        + "'_' and '-'.",
                    field: field)
            }
        }
    }

    private static func isLabel(_ text: String) -> Bool {
        text.utf8.count <= maximumLabelLength
            && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_" || $0 == "-") }
    }
}
