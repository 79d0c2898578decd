import Crypto
import FoundationEssentials
import Methods

/// One request for a page of a list: how long it may be, and where it begins.
///
/// Tokens hold the last item of the page before and a digest of what was asked for, so that a token
/// given with other parameters is refused (AIP-158).
struct Paging<Cursor: Codable & Sendable>: Sendable {
    /// How many items at most: 1 to 1,000.
    let size: Int
    /// The last item of the page before; nil for the first page.
    let cursor: Cursor?
    private let digest: Data

    /// - Parameters:
    ///   - parameters: the method and everything that decides which items there are, and in which order.
    /// - Throws: `INVALID_ARGUMENT` for a negative size, and for a token that is not one or belongs to other parameters.
    init(size: Int32, token: String, boundTo parameters: [String], cursor: Cursor.Type) throws {
        guard size >= 0 else {
            throw ServiceError.invalidArgument(
                "Invalid value for 'page_size': must not be negative, but is \(size).", field: "page_size")
        }
        self.size = size == 0 ? 100 : min(Int(size), 1000)
        self.digest = Self.digest(of: parameters)
        self.cursor = token.isEmpty ? nil : try Self.read(token, expecting: digest)
    }

    /// The token for the page that begins after an item.
    func token(after cursor: Cursor) throws -> String {
        let payload = try JSONEncoder().encode(Payload(digest: digest, cursor: cursor))
        let standard = payload.base64EncodedString()
        return String(standard.compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
    }

    private struct Payload: Codable {
        let digest: Data
        let cursor: Cursor
    }

    private static func read(_ token: String, expecting digest: Data) throws -> Cursor {
        guard let payload = decode(token) else {
            throw ServiceError.invalidArgument(
                "Invalid value for 'page_token': it is not a token that this list gave out.", field: "page_token")
        }
        guard payload.digest == digest else {
            throw ServiceError.invalidArgument(
                "Invalid value for 'page_token': it belongs to a list with other parameters. "
                    + "Repeat the request with the parameters of the first page, or without a token.",
                field: "page_token")
        }
        return payload.cursor
    }

    private static func decode(_ token: String) -> Payload? {
        guard token.utf8.count <= 2048 else { return nil }
        var standard = String(token.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        while standard.utf8.count % 4 != 0 { standard += "=" }
        return Data(base64Encoded: standard).flatMap { try? JSONDecoder().decode(Payload.self, from: $0) }
    }

    private static func digest(of parameters: [String]) -> Data {
        var hash = SHA256()
        for parameter in parameters {
            hash.update(data: Data("\(parameter.utf8.count):".utf8))
            hash.update(data: Data(parameter.utf8))
        }
        return Data(hash.finalize().prefix(12))
    }
}
