import HTTPTypes
import Methods

@testable import Gateway

/// One request of the fuzz, over REST or over gRPC.
struct FuzzCall: Sendable {
    var target: FuzzTarget
    var isGRPC: Bool
    var verb: String
    var host: String
    var path: String
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    /// Enough to send it again by hand.
    var text: String {
        let fields = fields.filter { $0.name != "authorization" }.map { "\($0.name): \($0.value)" }
        let body = String(validating: body, as: UTF8.self) ?? "\(body)"
        return """
            \(isGRPC ? "gRPC" : "REST") \(target.name): \(verb) \(path.prefix(2_000)) at \(host) \
            \(fields.joined(separator: ", ").prefix(500)) \(body.prefix(4_000))
            """
    }

    var head: HTTPRequest {
        var head = HTTPRequest(
            method: HTTPRequest.Method(verb) ?? .post, scheme: "https", authority: host, path: path)
        for (name, value) in fields {
            if let name = HTTPField.Name(name) { head.headerFields.append(HTTPField(name: name, value: value)) }
        }
        return head
    }
}

/// Makes calls of methods.
struct FuzzCalls {
    let schema: FuzzSchema
    let token: String
    var words = FuzzVocabulary()
    var source: FuzzSource
    /// Whether the call is to be one that a careful client would make.
    private var isCalm = false

    init(schema: FuzzSchema, token: String, source: FuzzSource) {
        self.schema = schema
        self.token = token
        self.source = source
    }

    /// A call of the method whose turn it is.
    ///
    /// - Parameter number: The call's among all. The first calls of a method have each of its forms in turn, so that
    ///   none is left to chance; those that follow have any.
    mutating func call(_ number: Int, among targets: [FuzzTarget]) throws -> FuzzCall {
        let target = targets[number % targets.count]
        let isGRPC =
            switch number / targets.count {
            case 0: true
            case 1: false
            default: source.chance(40)
            }
        isCalm = source.chance(40)
        var call = target.rules.isEmpty || isGRPC ? try grpc(target) : try rest(target)
        if !source.chance(97) {
            call.host = source.pick(["127.0.0.1", "", "logging.landfall.test", "no.such.host", "é"])
        }
        if !target.isOwners, source.chance(98) {
            call.fields.append(("authorization", "Bearer \(token)"))
        } else {
            call.fields.append(
                ("authorization", source.pick(["Bearer x", "Basic eDp5", "", "Bearer ", words.odd(&source)])))
        }
        if source.chance(2) { call.fields.append(("x-goog-user-project", words.text(for: "project_id", &source))) }
        return call
    }

    /// The calls that a round begins with, so that there is something to ask for: each creating method with an example
    /// that is right.
    mutating func beginning(_ targets: [FuzzTarget]) throws -> [FuzzCall] {
        var calls: [FuzzCall] = []
        for target in targets {
            for rule in target.rules {
                guard let body = rule.body,
                    let type = schema.message(target.request).field
                        .first(where: { $0.name == body })?.typeReference, let examples = FuzzVocabulary.examples[type]
                else { continue }
                let path = rule.template.replacing(
                    "{parent=projects/*/locations/*}", with: "projects/demo/locations/us-central1")
                for (number, example) in examples.enumerated() {
                    calls.append(
                        FuzzCall(
                            target: target, isGRPC: false, verb: rule.verb.rawValue, host: target.host,
                            path: path + "?jobId=job-\(number + 1)",
                            fields: [("content-type", "application/json"), ("authorization", "Bearer \(token)")],
                            body: Array(try example.jsonString().utf8)))
                }
            }
        }
        return calls
    }

    private mutating func generator() -> FuzzGenerator {
        if isCalm { return FuzzGenerator(schema: schema, density: source.pick([0, 20, 40]), isCalm: true) }
        return FuzzGenerator(
            schema: schema, wildness: source.pick([0, 1, 5, 20]), density: source.pick([10, 50, 80, 100]))
    }

    /// What a path of a rule is filled with, by the paths of the fields, and the whole of it.
    private mutating func fill(_ template: PathTemplate) -> (path: String, fields: [String: String]) {
        var segments: [String] = []
        for (index, segment) in template.segments.enumerated() {
            switch segment {
            case .literal(let text): segments.append(text)
            case .one:
                let collection = segments.last ?? ""
                // Some collections have locations of their own.
                var place: String?
                if case .literal(let next)? = template.segments.dropFirst(index + 1).first {
                    place = words.id(in: "\(collection)/\(next)", &source)
                }
                let known = place ?? words.id(in: collection, &source)
                let isCollection = source.chance(90) && known == nil
                let id = isCollection ? source.pick(["projects", "demo"]) : known ?? words.odd(&source)
                segments.append(isCalm || source.chance(97) ? id : words.odd(&source))
            case .rest: for _ in 0..<source.number(0...3) { segments.append(words.odd(&source)) }
            }
        }
        var fields: [String: String] = [:]
        for variable in template.variables {
            let end = variable.takesRest ? segments.count : min(variable.segments.upperBound, segments.count)
            fields[variable.fieldPath.joined(separator: ".")] =
                segments[variable.segments.lowerBound..<max(end, variable.segments.lowerBound)].joined(separator: "/")
        }
        let verb = template.verb.map { ":" + $0 } ?? ""
        return ("/" + segments.map(Self.encoded).joined(separator: "/") + verb, fields)
    }

    private mutating func grpc(_ target: FuzzTarget) throws -> FuzzCall {
        let generator = generator()
        var message = try generator.message(target.request, &words, &source)
        if let rule = target.rules.first, source.chance(90) {
            for (path, value) in fill(try PathTemplate(rule.template)).fields.sorted(by: { $0.key < $1.key }) {
                message.set(path.split(separator: ".").map(String.init), of: target.request, to: .text(value), schema)
            }
        }
        var bytes = message.wire
        if !isCalm, source.chance(15) { bytes = FuzzDamage.bytes(bytes, &source) }
        var frames = Self.frame(bytes)
        if !isCalm, source.chance(3) {
            frames = source.pick([
                [], frames + frames, Array(frames.dropLast()), [1] + frames.dropFirst(),
                [0, 0xFF, 0xFF, 0xFF, 0xFF] + frames.dropFirst(5), FuzzDamage.bytes(frames, &source),
            ])
        }
        return FuzzCall(
            target: target, isGRPC: true, verb: "POST", host: target.host, path: target.path,
            fields: [("content-type", "application/grpc"), ("te", "trailers")], body: frames)
    }

    private static func frame(_ message: [UInt8]) -> [UInt8] {
        [0] + withUnsafeBytes(of: UInt32(message.count).bigEndian) { Array($0) } + message
    }

    private mutating func rest(_ target: FuzzTarget) throws -> FuzzCall {
        let rule = source.pick(target.rules)
        let generator = generator()
        var path = fill(try PathTemplate(rule.template)).path
        let message = try generator.message(target.request, &words, &source)
        var json = ""
        if let body = rule.body {
            let type = schema.message(target.request).field.first { $0.name == body }?.typeReference
            json = try type.map { try generator.message($0, &words, &source, depth: 1) }?.json ?? message.json
        }
        if rule.body != "*" { path += "?" + query(of: message) }
        if isCalm {
            return FuzzCall(
                target: target, isGRPC: false, verb: rule.verb.rawValue, host: target.host, path: path,
                fields: [("content-type", "application/json")], body: Array(json.utf8))
        }
        if source.chance(4) { path += (path.contains("?") ? "&" : "?") + source.pick(Self.systemParameters) }
        if source.chance(3) { path = odd(path) }
        if source.chance(10) { json = FuzzDamage.token(of: json, generator.odd(&source).json, &source) }
        var body = Array(json.utf8)
        if source.chance(8) { body = FuzzDamage.bytes(body, &source) }
        var fields = [("content-type", source.chance(98) ? "application/json" : words.odd(&source).filter(\.isASCII))]
        if source.chance(1) { fields.append(("x-http-method-override", source.pick(["GET", "DELETE", ""]))) }
        let verb =
            source.chance(98) ? rule.verb.rawValue : source.pick(["HEAD", "OPTIONS", "PUT", "TRACE", "X", "POST"])
        return FuzzCall(
            target: target, isGRPC: false, verb: verb, host: target.host, path: path, fields: fields, body: body)
    }

    private static let systemParameters = [
        "alt=json", "$alt=json;enum-encoding=int", "%24alt=json%3Benum-encoding%3Dint", "alt=media",
        "prettyPrint=false",
        "fields=*", "fields=name", "fields=jobs(name,status/state)", "fields=a/b/c(d,e(f))", "fields=((", "fields=",
        "key=x", "access_token=x", "%zz", "%FF", "=", "&&&", "a", "callback=f", "quotaUser=x", "$.xgafv=2", "x[]=1",
        "uploadType=media", "job.labels=1", "pageSize=1&pageSize=2",
    ]

    /// The message as a query: what is nested, by its path.
    private mutating func query(of value: FuzzValue, under prefix: String = "") -> String {
        guard case .message(let members) = value else { return "" }
        var parts: [String] = []
        for member in members {
            let name = prefix + member.name
            switch member.value {
            case .message: parts.append(query(of: member.value, under: name + "."))
            case .list(let values): parts += values.map { "\(Self.encoded(name))=\(Self.encoded($0.plain))" }
            case .map, .scalar: parts.append("\(Self.encoded(name))=\(Self.encoded(member.value.plain))")
            }
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "&")
    }

    private mutating func odd(_ path: String) -> String {
        switch source.number(0...5) {
        case 0: path + "/"
        case 1: path.replacing("/", with: "//")
        case 2: path + ":" + words.odd(&source).filter(\.isASCII)
        case 3: String(path.prefix(source.number(1...max(1, path.utf8.count))))
        case 4: "/" + String(repeating: "a/", count: source.pick([10, 1_000, 20_000]))
        default: path.replacing("/", with: "%2F")
        }
    }

    /// Percent-encoding of all but what never needs it; a slash that is data is encoded too.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(.init(byte))
            default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

extension FuzzValue {
    /// As a query has it: text without quotes.
    fileprivate var plain: String {
        let json = json
        return json.count >= 2 && json.hasPrefix("\"") && json.hasSuffix("\"")
            ? String(json.dropFirst().dropLast()) : json
    }

    /// Puts a value into a message, in the place of one that is there.
    ///
    /// - Parameter path: the names of the fields, from the message down.
    fileprivate mutating func set(_ path: [String], of type: String, to value: FuzzValue, _ schema: FuzzSchema) {
        guard case .message(var members) = self, let name = path.first,
            let field = schema.message(type).field.first(where: { $0.name == name })
        else { return }
        var inner = value
        if path.count > 1 {
            inner = members.first { $0.number == Int(field.number) }?.value ?? .message([])
            inner.set(Array(path.dropFirst()), of: field.typeReference, to: value, schema)
        }
        members.removeAll { $0.number == Int(field.number) }
        members.append(.init(name: name, number: Int(field.number), value: inner))
        self = .message(members)
    }
}
