extension FilterParser {
    private static let mostSearchTerms = 50

    private typealias Argument = (segments: [Token.Segment], token: Token)

    /// The rest of `name(arguments)`.
    mutating func function(_ name: String, at token: Token) throws(FilterError) -> Function {
        let known = ["log_id", "source", "sample", "ip_in_net"]
        guard known.contains(name) || name.uppercased() == "SEARCH" else {
            throw FilterError("function '\(name)' is not supported", at: token)
        }
        let arguments = try arguments()
        switch (name, arguments.count) {
        case ("log_id", 1):
            return .logID(arguments[0].segments.text)
        case ("source", 1):
            let resource = arguments[0].segments.text
            let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, ["projects", "folders", "organizations"].contains(parts[0]), !parts[1].isEmpty
            else {
                throw FilterError("source() takes a resource such as projects/demo", at: arguments[0].token)
            }
            return .source(resource)
        case ("sample", 2):
            guard let fraction = Double(arguments[1].segments.text), (0...1).contains(fraction) else {
                throw FilterError("the fraction of sample() is between 0 and 1", at: arguments[1].token)
            }
            return .sample(try field(arguments[0].segments, at: arguments[0].token), fraction: fraction)
        case ("ip_in_net", 2):
            guard let network = Network(arguments[1].segments.text) else {
                throw FilterError("this is no IP network", at: arguments[1].token)
            }
            return .addressInNetwork(try field(arguments[0].segments, at: arguments[0].token), network)
        case (_, 1) where name.uppercased() == "SEARCH":
            return .search(nil, try terms(arguments[0]))
        case (_, 2) where name.uppercased() == "SEARCH":
            let field = try field(arguments[0].segments, at: arguments[0].token)
            return .search(field, try terms(arguments[1]))
        default:
            throw FilterError("function '\(name)' takes other arguments", at: token)
        }
    }

    /// The rest of `cast(field, TYPE)`, which stands for a field.
    mutating func cast(at token: Token) throws(FilterError) -> Field {
        let arguments = try arguments()
        guard arguments.count == 2 else { throw FilterError("cast() takes a field and a type", at: token) }
        guard let type = CastType(rawValue: arguments[1].segments.text.uppercased()) else {
            throw FilterError(
                "the type of cast() is STRING, INT64, FLOAT64, BOOL, TIMESTAMP or DURATION", at: arguments[1].token)
        }
        return .cast(try field(arguments[0].segments, at: arguments[0].token), type)
    }

    private func terms(_ query: Argument) throws(FilterError) -> [SearchTerm] {
        let terms = SearchTerm.terms(of: query.segments.text)
        guard (1...Self.mostSearchTerms).contains(terms.count) else {
            throw FilterError("SEARCH() takes between 1 and \(Self.mostSearchTerms) words", at: query.token)
        }
        return terms
    }

    private mutating func arguments() throws(FilterError) -> [Argument] {
        var arguments: [Argument] = []
        _ = take(.open)
        repeat {
            let token = take()
            guard case .word(let segments) = token.kind else { throw FilterError("an argument is missing", at: token) }
            arguments.append((segments, token))
        } while take(.comma)
        guard take(.close) else { throw FilterError("missing ')'", at: next) }
        return arguments
    }
}
