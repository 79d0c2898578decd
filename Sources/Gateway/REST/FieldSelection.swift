import Methods
import Schema

/// What of an answer is wanted: `jobs(name,status/state),nextPageToken`, as in the query parameter `fields`.
struct FieldSelection {
    /// Names at this level, in JSON's spelling, with what is wanted below; `*` is every name.
    private var members: [String: FieldSelection] = [:]

    /// Whether everything below is wanted.
    private var isWhole: Bool { members.isEmpty }

    /// - Parameter type: The message of the answer.
    /// - Throws: `INVALID_ARGUMENT` for a text that is no selection, or names no field.
    init(_ text: String, of type: MessageShape, schema: SchemaIndex) throws {
        var parser = Parser(rest: text[...])
        self = try parser.list(depth: 0)
        guard parser.rest.isEmpty else { throw parser.malformed() }
        self = try resolved(in: type, schema, path: [])
    }

    private init() {}

    /// What is wanted below a member; nil when the member itself is not.
    func selection(of name: String) -> FieldSelection?? {
        guard !isWhole else { return .some(nil) }
        guard let member = members[name] ?? members["*"] else { return nil }
        return .some(member.isWhole ? nil : member)
    }

    private mutating func add(_ path: ArraySlice<String>, _ below: FieldSelection) {
        guard let name = path.first else { return }
        let isNew = members[name] == nil
        var member = members[name] ?? FieldSelection()
        if path.count > 1 {
            // A member that is wanted whole stays so.
            if isNew || !member.isWhole { member.add(path.dropFirst(), below) }
        } else if isNew {
            member = below
        } else if below.isWhole || member.isWhole {
            member = FieldSelection()
        } else {
            for (name, inner) in below.members { member.add([name], inner) }
        }
        members[name] = member
    }

    /// The same with names as JSON writes them. Below maps and free JSON every name may occur.
    private func resolved(in type: MessageShape, _ schema: SchemaIndex, path: [String]) throws -> FieldSelection {
        var result = FieldSelection()
        for (name, below) in members {
            if type.form != .fields || name == "*" {
                result.add([name], below)
                continue
            }
            guard let field = type.field(named: name) else { throw Self.unknown(path + [name]) }
            var inner = below
            if !below.isWhole {
                guard case .message(let index) = field.type else {
                    throw Self.unknown(path + [name] + below.members.keys)
                }
                inner = try below.resolved(in: schema[index], schema, path: path + [name])
            }
            result.add([field.jsonName], inner)
        }
        return result
    }

    private static func unknown(_ path: [String]) -> ServiceError {
        let path = path.joined(separator: ".")
        let text = "Error expanding 'fields' parameter. Cannot find matching fields for path '\(path)'."
        return ServiceError(
            .invalidArgument, text,
            details: [
                Google_Rpc_BadRequest.with {
                    $0.fieldViolations = [
                        .with {
                            $0.field = path
                            $0.description_p = text
                        }
                    ]
                }
            ])
    }

    /// Reads `a,b/c(d,e.f),*`.
    private struct Parser {
        var rest: Substring
        private static let maximumDepth = 20

        mutating func list(depth: Int) throws -> FieldSelection {
            guard depth < Self.maximumDepth else { throw malformed() }
            var selection = FieldSelection()
            repeat {
                let path = try path()
                var below = FieldSelection()
                if take("(") {
                    below = try list(depth: depth + 1)
                    guard take(")") else { throw malformed() }
                }
                selection.add(path[...], below)
            } while take(",")
            return selection
        }

        private mutating func path() throws -> [String] {
            var names: [String] = []
            repeat {
                let name = rest.prefix { $0.isLetter || $0.isNumber || "_*@-".contains($0) }
                guard !name.isEmpty, names.count < Self.maximumDepth else { throw malformed() }
                names.append(String(name))
                rest.removeFirst(name.count)
            } while take("/") || take(".")
            return names
        }

        private mutating func take(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest.removeFirst()
            return true
        }

        func malformed() -> ServiceError {
            let what = rest.isEmpty ? "it ends too early" : "unexpected \"\(rest.prefix(40))\""
            return .invalidArgument("Invalid field selection: \(what).", field: "fields")
        }
    }
}
