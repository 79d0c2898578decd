import FoundationEssentials

extension MetadataNode {
    /// The value, or everything below a directory, as JSON. Names are in camel case, but for those of attributes and
    /// of accounts; a directory of numbers is an array.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // It has nothing that JSON cannot hold.
        return (try? encoder.encode(JSONForm(node: self, keepsNames: false))).map {
            String(decoding: $0, as: UTF8.self)
        }
            ?? "null"
    }

    private struct JSONForm: Encodable {
        let node: MetadataNode
        let keepsNames: Bool

        func encode(to encoder: any Encoder) throws {
            switch node {
            case .text(let text): try encoder.write(text)
            case .number(let number): try encoder.write(number)
            case .list(let values): try encoder.write(values)
            case .directory(let entries) where entries.first?.name == "0":
                try encoder.write(entries.map { JSONForm(node: $0.node, keepsNames: false) })
            case .directory(let entries): try encode(entries, to: encoder)
            case .accessToken, .identityToken: break
            }
        }

        private func encode(_ entries: [MetadataEntry], to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            for entry in entries where !entry.node.isSecret {
                let name = keepsNames ? entry.name : Self.camelCase(entry.name)
                let namesAreGiven = ["attributes", "service-accounts"].contains(entry.name)
                try container.encode(JSONForm(node: entry.node, keepsNames: namesAreGiven), forKey: Name(name))
            }
        }

        private static func camelCase(_ name: String) -> String {
            let words = name.split(separator: "-")
            return words.prefix(1).joined()
                + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension Encoder {
    /// One value, and nothing beside it.
    fileprivate func write(_ value: some Encodable) throws {
        var container = singleValueContainer()
        try container.encode(value)
    }
}
