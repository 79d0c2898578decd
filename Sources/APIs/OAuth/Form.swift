import Foundation

/// The fields of a body of type `application/x-www-form-urlencoded`, or of one of JSON that says the same.
struct Form: Sendable {
    private let fields: [String: String]

    /// Nil for a body that is no form, or names a field twice.
    init?(_ body: Data) {
        guard let text = String(bytes: body, encoding: .utf8) else { return nil }
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = Self.decode(parts.count > 1 ? parts[1] : "") else {
                return nil
            }
            guard fields.updateValue(value, forKey: name) == nil else { return nil }
        }
        self.fields = fields
    }

    /// The fields of a query and of a body together; nil as above.
    init?(query: String, _ body: Data = Data()) {
        self.init(Data(query.utf8) + (query.isEmpty || body.isEmpty ? Data() : Data("&".utf8)) + body)
    }

    /// Nil for a body that is no JSON object whose values are texts. Names in camel case are taken as well.
    init?(json body: Data) {
        guard let object = try? JSONDecoder().decode([String: String?].self, from: body) else { return nil }
        var fields: [String: String] = [:]
        for (name, value) in object {
            guard let value else { continue }
            guard fields.updateValue(value, forKey: Self.snakeCase(name)) == nil else { return nil }
        }
        self.fields = fields
    }

    subscript(name: String) -> String? { fields[name] }

    subscript(name: String, default value: String) -> String { fields[name] ?? value }

    /// `grant_type` for `grantType`.
    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }

    private static func decode(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}
