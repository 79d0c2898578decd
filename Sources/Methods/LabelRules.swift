/// What labels of resources may be: the same for most of the APIs.
public enum LabelRules {
    private static let most = 64
    private static let longest = 63

    /// Checks the labels of a resource.
    ///
    /// - Parameter field: the path of the map in the request, in snake_case.
    /// - Throws: `INVALID_ARGUMENT`
    public static func check(_ labels: [String: String], field: String) throws {
        guard labels.count <= most else {
            throw ServiceError.invalidArgument(
                "There can be \(most) labels at most, and not \(labels.count).", field: field)
        }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            guard isLabel(key), key.first?.isLetter == true else {
                throw ServiceError.invalidArgument(
                    "'\(key.prefix(100))' is not the key of a label: 1 to \(longest) lower-case letters, digits, '_' "
                        + "and '-', beginning with a letter.",
                    field: field)
            }
            guard isLabel(value) else {
                throw ServiceError.invalidArgument(
                    "The value of the label '\(key)' must be at most \(longest) lower-case letters, digits, '_' and "
                        + "'-'.",
                    field: field)
            }
        }
    }

    private static func isLabel(_ text: String) -> Bool {
        text.count <= longest && text.utf8.count <= 2 * longest + 2
            && text.allSatisfy { $0 == "_" || $0 == "-" || $0.isNumber || ($0.isLetter && !$0.isUppercase) }
    }
}
