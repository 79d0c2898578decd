import Methods

/// The query of a request: parameters of the system, which every method understands, and those that fill fields.
struct QueryString {
    /// How the answer is to be written.
    private(set) var style = ResponseStyle()
    /// Names and values that fill fields, decoded, in order.
    private(set) var parameters: [(name: String, value: String)] = []

    /// More parameters than any request has fields.
    private static let limit = 1000

    /// - Parameter text: What follows the question mark, as it came; nil or empty when nothing does.
    /// - Throws: `INVALID_ARGUMENT` for a broken escape, or a system parameter that is not supported.
    init(_ text: String?) throws {
        let pairs = (text ?? "").split(separator: "&", maxSplits: Self.limit, omittingEmptySubsequences: true)
        guard pairs.count <= Self.limit else {
            throw ServiceError.invalidArgument("The query has more than \(Self.limit) parameters.")
        }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(query: parts[0]),
                let value = PercentEncoding.decode(query: parts.count == 2 ? parts[1] : "")
            else {
                throw ServiceError.invalidArgument(
                    "The query has a parameter that is not percent-encoded UTF-8: \(pair)")
            }
            if try !takeSystemParameter(name, value) { parameters.append((name, value)) }
        }
    }

    /// - Returns: whether the parameter is one of the system's.
    private mutating func takeSystemParameter(_ name: String, _ value: String) throws -> Bool {
        switch name.first == "$" ? String(name.dropFirst()) : name {
        case "alt": try setAlt(value)
        case "fields": style.fields = value.isEmpty ? nil : value
        case "prettyPrint", "pp": style.isPretty = try boolean(value, name)
        case "key", "quotaUser", "userIp", "uploadType", "upload_protocol", ".xgafv": break
        case "callback":
            throw ServiceError.invalidArgument("The query parameter \"callback\" (JSONP) is not supported.")
        case "access_token", "oauth_token", "bearer_token":
            // A token in a URL ends up in logs and histories.
            throw ServiceError.invalidArgument(
                "The query parameter \"\(name)\" is not supported: send the token in the Authorization header.")
        default: return false
        }
        return true
    }

    /// `json`, with `enum-encoding=int` for clients that read enums as numbers.
    private mutating func setAlt(_ value: String) throws {
        let parts = value.split(separator: ";").map { $0.lowercased() }
        let encodings: Set = ["enum-encoding=int", "enum-encoding=string"]
        guard parts.first == "json", parts.dropFirst().allSatisfy(encodings.contains) else {
            throw ServiceError.invalidArgument("alt=\(value) is not supported: the answer is written as alt=json.")
        }
        style.enumsAreNumbers = parts.contains("enum-encoding=int")
    }

    private func boolean(_ value: String, _ name: String) throws -> Bool {
        switch value.lowercased() {
        case "true", "1", "": return true
        case "false", "0": return false
        default: throw ServiceError.invalidArgument("Invalid value for the query parameter \"\(name)\": \(value)")
        }
    }
}

/// How an answer is written.
struct ResponseStyle: Sendable {
    var isPretty = true
    var enumsAreNumbers = false
    /// What of the answer is wanted, as the query says it; nil for all.
    var fields: String?
}
