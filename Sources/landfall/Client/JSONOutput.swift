import Foundation
import SwiftProtobuf

/// What verbs print with `--format json`.
enum JSONOutput {
    static func print(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// A list of messages, as a JSON array.
    static func print(_ messages: [some Message]) throws {
        let items = try messages.map { try $0.jsonString() }
        Swift.print("[\(items.joined(separator: ",\n "))]")
    }

    static func print(_ message: some Message) throws {
        Swift.print(try message.jsonString())
    }
}
