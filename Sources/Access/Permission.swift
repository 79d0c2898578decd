/// The right to do one thing, such as `batch.jobs.create`: `service.resource.verb`.
public struct Permission: Hashable, Sendable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The whole name: `batch.jobs.create`.
    public let name: String

    /// Takes any text: whether somebody holds it is for the roles to say.
    public init(_ name: String) { self.name = name }
    /// Takes a name that is written in the code.
    public init(stringLiteral name: String) { self.name = name }
    /// The name.
    public var description: String { name }
}
