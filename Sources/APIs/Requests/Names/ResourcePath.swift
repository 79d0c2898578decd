import Methods

/// The variable parts of a resource name such as `projects/demo/locations/us-central1/jobs/hello`.
public struct ResourcePath: Hashable, Sendable {
    /// What stood in place of each `*` of the pattern.
    public let values: [String]

    /// Takes a name apart.
    ///
    /// - Parameters:
    ///   - pattern: `projects/*/locations/*`.
    ///   - field: the request's field that holds the name.
    /// - Throws: `INVALID_ARGUMENT` when the name does not look like the pattern.
    public init(_ name: String, like pattern: String, field: String) throws {
        guard let values = Self.match(name, pattern) else {
            throw ServiceError.invalidArgument(
                "Invalid resource name '\(name.excerpt)' in field '\(field)': it must look like '\(pattern)'.",
                field: field)
        }
        self.values = values
    }

    private static func match(_ name: String, _ pattern: String) -> [String]? {
        guard name.utf8.count <= 1024 else { return nil }
        // Bytes and not characters: every call takes a name apart.
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let pattern = pattern.utf8.split(separator: UInt8(ascii: "/"))
        guard parts.count == pattern.count else { return nil }
        var values: [String] = []
        for (part, expected) in zip(parts, pattern) {
            if expected.elementsEqual("*".utf8) {
                // No id has a control character; the store would read no further than a NUL.
                guard !part.isEmpty, part.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
                values.append(String(Substring(part)))
            } else if !part.elementsEqual(expected) {
                return nil
            }
        }
        return values
    }
}

extension String {
    /// Its beginning, fit to be quoted in an error.
    public var excerpt: String { count <= 80 ? self : prefix(77) + "…" }
}
