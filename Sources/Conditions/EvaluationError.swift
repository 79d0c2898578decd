/// Why an expression has no value for a request.
public enum EvaluationError: Error, Hashable, Sendable {
    /// The request or its resource does not tell the attribute.
    case missing(Attribute)
    /// The service does not tell the attribute of the API, although the method has it.
    case missingAPIAttribute(String)
    /// It is not known which tags the resource has.
    case missingTags
    /// A text is not what a function needs: `timestamp`, `date`, `duration`.
    case malformed(function: String, text: String)
    /// There is no time zone of this name.
    case unknownTimeZone(String)
    /// `extract` needs one name in braces.
    case malformedTemplate(String)
    /// A number, a timestamp or a duration is larger or smaller than its type holds.
    case outOfRange(String)
    /// Division, or the remainder of one, by zero.
    case divisionByZero
    /// A value, such as that of an attribute of the API, has another type than is needed.
    case wrongType(String)
}

extension EvaluationError: CustomStringConvertible {
    /// One clause for people: `resource.name is not known of this request`.
    public var description: String {
        switch self {
        case .missing(let attribute): "\(attribute.rawValue) is not known of this request"
        case .missingAPIAttribute(let name): "\(name) is not known of this request"
        case .missingTags: "the tags of the resource are not known"
        case .malformed(let function, let text): "\(function) cannot read \(StringLiteral.write(text))"
        case .unknownTimeZone(let name): "there is no time zone \(StringLiteral.write(name))"
        case .malformedTemplate(let text): "the template \(StringLiteral.write(text)) does not have one {name}"
        case .outOfRange(let type): "the \(type) is out of range"
        case .divisionByZero: "it divides by zero"
        case .wrongType(let name): "\(name) has another type than is needed"
        }
    }
}
