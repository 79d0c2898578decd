/// How far a role is on its way into the world, by the name and the number that the IAM API gives it.
public enum LaunchStage: String, Hashable, Sendable, CaseIterable, Codable {
    case alpha = "ALPHA"
    case beta = "BETA"
    case generalAvailability = "GA"
    case deprecated = "DEPRECATED"
    /// A custom role in this stage grants nothing.
    case disabled = "DISABLED"
    case earlyAccess = "EAP"
}
