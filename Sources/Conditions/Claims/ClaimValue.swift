/// What a claim of a token is: a value of JSON.
public enum ClaimValue: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case list([ClaimValue])
    case map([String: ClaimValue])

    /// The text of a string; nil for everything else.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// A number of seconds since 1970, as JWTs write times; nil for everything else.
    public var seconds: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// What its type is called in errors.
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .double: "double"
        case .string: "string"
        case .list: "list"
        case .map: "map"
        }
    }
}

extension ClaimValue: Hashable {
    /// CEL's `==`: numbers by their value, texts code point by code point; values of different types are never equal.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.double(let left), .double(let right)): left == right
        case (.int(let whole), .double(let number)), (.double(let number), .int(let whole)): number == Double(whole)
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        default: false
        }
    }

    /// Feeds what `==` compares; values that are not equal may have the same hash.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(Double(value))
        case .double(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .list(let values): hasher.combine(values.count)
        case .map(let members): hasher.combine(members.count)
        }
    }
}

extension ClaimValue: Decodable {
    /// Reads a value of JSON.
    ///
    /// - Throws: `DecodingError`
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            // Most claims are texts, and each attempt that fails costs time.
            self = .string(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let values = try? container.decode([ClaimValue].self) {
            self = .list(values)
        } else {
            self = .map(try container.decode([String: ClaimValue].self))
        }
    }
}
