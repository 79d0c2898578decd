extension Condition {
    /// Checks an expression as `lintPolicy` does: an error alone, or what it can do otherwise than it looks like.
    ///
    /// - Parameter service: the service that the policy's resource belongs to, `run.googleapis.com`, if it is known:
    ///   attributes that it does not provide are then named.
    /// - Parameter now: the present time, if comparisons with times that have passed are to be named.
    public static func lint(
        _ expression: String, vocabulary: Vocabulary = .all, service: String? = nil, now: Timestamp? = nil
    ) -> [Finding] {
        do {
            _ = try Condition(expression, vocabulary: vocabulary)
            var linter = Linter(text: expression, service: service, now: now)
            linter.look(at: try Parser.parse(expression))
            return linter.findings
        } catch {
            return [Finding(error)]
        }
    }
}

/// Looks for what is no error, and cannot be meant (IAM's validation units).
struct Linter {
    private let text: String
    private let provided: Set<Attribute>?
    private let service: String
    private let now: Timestamp?
    private(set) var findings: [Finding] = []

    init(text: String, service: String?, now: Timestamp?) {
        self.text = text
        self.service = service ?? ""
        provided = service.map(ServiceAttributes.provided)
        self.now = now
    }

    private mutating func warn(_ check: Finding.Check, _ message: String, at expression: Expression) {
        let location = SourceLocation(byte: expression.range.lowerBound, of: text)
        findings.append(Finding(severity: .warning, check: check, location: location, message: message))
    }

    /// Looks at a part of an expression that compiles, and at what it is made of.
    mutating func look(at expression: Expression) {
        switch expression.kind {
        case .selection: checkAttribute(expression)
        case .call(let name, let target, let arguments): checkText(name, target, arguments)
        case .binary(let sign, let left, let right) where sign.precedence == BinaryOperator.equal.precedence:
            checkComparison(sign, left, right)
            checkComparison(sign, right, left)
        default: break
        }
        for part in expression.kind.parts { look(at: part) }
    }

    private mutating func checkAttribute(_ expression: Expression) {
        guard let provided, let attribute = Attribute(rawValue: expression.description), !provided.contains(attribute)
        else { return }
        warn(
            .attributes,
            "\(service) does not provide \(attribute.rawValue): what relies on it cannot be evaluated for its "
                + "resources", at: expression)
    }

    /// A text that a function cannot read, though it is written out.
    private mutating func checkText(_ name: String, _ target: Expression?, _ arguments: [Expression]) {
        guard let argument = arguments.first, case .string(let text) = argument.kind else { return }
        let (check, error): (Finding.Check, EvaluationError?) =
            switch name {
            case "timestamp" where Timestamp(text) == nil, "date" where Timestamp(date: text) == nil,
                "duration" where DurationText.read(text) == nil:
                (.time, .malformed(function: name, text: text))
            case "extract" where ExtractionTemplate(text) == nil: (.compilation, .malformedTemplate(text))
            default:
                TimeField(rawValue: name) != nil && TimeZoneRule(text) == nil
                    ? (.time, .unknownTimeZone(text)) : (.time, nil)
            }
        guard let error else { return }
        warn(check, "\(error): what relies on it cannot be evaluated", at: argument)
    }

    private mutating func checkComparison(_ sign: BinaryOperator, _ subject: Expression, _ other: Expression) {
        switch (subject.kind, other.kind) {
        case (.call(let name, let target, _), .int(let number)):
            guard let field = TimeField(rawValue: name), target.map(isTimestamp) == true else { return }
            checkRange(field, number, other)
        case (.selection, .string(let value)): checkLiteral(subject.description, value, other)
        case (.selection, .call) where subject.description == Attribute.requestTime.rawValue: checkPast(other)
        default: break
        }
    }

    private func isTimestamp(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .call("timestamp", _, _), .call("date", _, _): true
        default: expression.description == Attribute.requestTime.rawValue
        }
    }

    private mutating func checkRange(_ field: TimeField, _ number: Int64, _ expression: Expression) {
        let range = field.range
        guard !range.contains(number) else { return }
        warn(
            .timeRange,
            "The value being compared to the specified timestamp function (\(field.rawValue)) must be in range "
                + "[\(range.lowerBound), \(range.upperBound)].", at: expression)
    }

    private mutating func checkLiteral(_ attribute: String, _ value: String, _ expression: Expression) {
        let service = String(value.prefix { $0 != "/" })
        let isType = value.utf8.count > service.utf8.count + 1
        switch attribute {
        case Attribute.resourceService.rawValue where isType || !ServiceAttributes.isKnown(service):
            warn(.service, "resource.service : \(value.prefix(100)) is not supported.", at: expression)
        case Attribute.resourceType.rawValue where !isType || !ServiceAttributes.isKnown(service):
            warn(.type, "resource.type : \(value.prefix(100)) is not supported.", at: expression)
        default: break
        }
    }

    private mutating func checkPast(_ expression: Expression) {
        guard let now, case .call(let name, _, let arguments) = expression.kind, let argument = arguments.first,
            case .string(let text) = argument.kind,
            let time = name == "timestamp" ? Timestamp(text) : name == "date" ? Timestamp(date: text) : nil, time <= now
        else { return }
        warn(.time, "\(time) has passed: the comparison with it does not change any more", at: argument)
    }
}
