/// What is known of one request, for conditions to look at.
///
/// An attribute that is nil is not known: an expression that needs it cannot be evaluated.
public struct Attributes: Hashable, Sendable {
    /// When the request came.
    public var requestTime: Timestamp?
    /// The resource's name without its service: `projects/123/secrets/key`.
    public var resourceName: String?
    /// `secretmanager.googleapis.com/Secret`.
    public var resourceType: String?
    /// `secretmanager.googleapis.com`.
    public var resourceService: String?
    /// The path of the URL asked for.
    public var requestPath: String?
    /// The host asked for.
    public var requestHost: String?
    /// The access levels that the request meets.
    public var accessLevels: [String]?
    /// The address that a tunnel leads to.
    public var destinationIP: String?
    /// The port that a tunnel leads to.
    public var destinationPort: Int?
    /// The tags of the resource, those of its ancestors included; nil when they are not known.
    public var tags: [Tag]?
    /// What the method tells of the request, by the names that `api.getAttribute` takes.
    public var api: [String: APIAttribute]

    /// Makes the attributes of a request of which nothing is known but when it came, and that its resource has no tags.
    public init(requestTime: Timestamp?) {
        self.requestTime = requestTime
        tags = []
        api = [:]
    }

    /// Tells of the resource what its service tells conditions of its resources, and leaves the rest out.
    ///
    /// - Parameter service: `secretmanager.googleapis.com`.
    /// - Parameter type: `secretmanager.googleapis.com/Secret`.
    /// - Parameter name: `projects/123/secrets/key`.
    public mutating func describeResource(service: String, type: String, name: String) {
        let provided = ServiceAttributes.provided(by: service)
        resourceService = provided.contains(.resourceService) ? service : nil
        resourceType = provided.contains(.resourceType) ? type : nil
        resourceName = provided.contains(.resourceName) ? name : nil
    }

    /// Tells which roles a `setIamPolicy` grants or revokes, if the service tells conditions of it.
    ///
    /// - Parameter roles: `roles/batch.jobsEditor`, each once.
    /// - Parameter service: that of the resource whose policy it is.
    public mutating func describeGrants(of roles: [String], service: String) {
        let isTold = ServiceAttributes.tellsModifiedGrants(service)
        api[APIAttribute.modifiedGrantsByRole] = isTold ? .strings(roles) : .unknown
    }

    /// The value of an attribute; nil when it is not known.
    func value(of attribute: Attribute) -> Value? {
        switch attribute {
        case .requestTime: requestTime.map(Value.timestamp)
        case .requestPath: requestPath.map(Value.string)
        case .requestHost: requestHost.map(Value.string)
        case .accessLevels: accessLevels.map { .list($0.map(Value.string)) }
        case .resourceName: resourceName.map(Value.string)
        case .resourceType: resourceType.map(Value.string)
        case .resourceService: resourceService.map(Value.string)
        case .destinationIP: destinationIP.map(Value.string)
        case .destinationPort: destinationPort.map { .int(Int64($0)) }
        }
    }
}

/// A tag that a resource has, in both of its names.
public struct Tag: Hashable, Sendable {
    /// The key with its organization or project before it: `123456789012/env`.
    public var key: String
    /// The value's short name: `prod`.
    public var value: String
    /// `tagKeys/281475012216835`.
    public var keyID: String
    /// `tagValues/281476592621530`.
    public var valueID: String

    /// Makes a tag of its four parts.
    public init(key: String, value: String, keyID: String, valueID: String) {
        self.key = key
        self.value = value
        self.keyID = keyID
        self.valueID = valueID
    }
}

/// A value that a method gives for `api.getAttribute`.
public enum APIAttribute: Hashable, Sendable {
    /// One text.
    case string(String)
    /// A list of texts.
    case strings([String])
    /// The method has it, but the service does not tell it: an expression that asks for it cannot be evaluated.
    case unknown

    /// The name of the attribute that holds the roles whose grants a `setIamPolicy` changes.
    public static let modifiedGrantsByRole = "iam.googleapis.com/modifiedGrantsByRole"

    var value: Value? {
        switch self {
        case .string(let text): .string(text)
        case .strings(let texts): .list(texts.map(Value.string))
        case .unknown: nil
        }
    }
}
