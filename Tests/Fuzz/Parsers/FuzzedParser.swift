/// A parser that takes strangers' bytes: how it is fed, and what must hold whatever they are.
struct FuzzedParser: Sendable {
    /// The name of its folder under `corpora`.
    let name: String
    private let body: @Sendable ([UInt8]) throws -> Void

    /// - Parameter body: feeds the parser; throws `Violation` when something does not hold that must.
    init(_ name: String, _ body: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Something that must hold does not.
    struct Violation: Error, CustomStringConvertible {
        /// What does not hold.
        let description: String
    }

    /// Feeds the parser.
    ///
    /// - Throws: `Violation`; what the parser itself throws is its right.
    func run(_ input: [UInt8]) throws {
        do {
            try body(input)
        } catch let violation as Violation {
            throw violation
        } catch {}
    }

    /// All of them.
    static let all: [FuzzedParser] = [
        .logFilter, .batchFilter, .projectFilter, .pattern, .resourceNames, .paths, .pageToken, .firstBytes, .framing,
        .requestTarget, .query, .json, .callHead, .structuredLine, .member, .form, .condition, .claimExpression,
        .accounts, .iamNames, .authorization, .imageDocuments, .cloudRun,
    ]

    /// The one of a name.
    static func named(_ name: String) -> FuzzedParser? { all.first { $0.name == name } }

    /// Fails unless something holds.
    static func expect(_ holds: Bool, _ text: @autoclosure () -> String) throws {
        guard holds else { throw Violation(description: text()) }
    }
}

extension [UInt8] {
    /// The bytes as text, what is not UTF-8 replaced: parsers of texts get nothing else.
    var text: String { String(decoding: self, as: UTF8.self) }
}
