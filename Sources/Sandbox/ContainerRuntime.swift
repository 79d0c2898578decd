import Glibc

/// The program that runs containers.
public struct ContainerRuntime: Hashable, Sendable {
    /// Whose command line it has.
    public enum Kind: String, CaseIterable, Sendable {
        /// Starts a container in a third of the time.
        case crun
        case runc
    }

    /// Which of them it is.
    public let kind: Kind
    /// Absolute, and in a directory that the runtime's surroundings show.
    public let path: String

    /// How long a container may take until it runs, also on a machine that is busy; whole seconds, at least one.
    var patience = Duration.seconds(300)

    private static let places = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin"]

    /// What this machine has, crun before runc; nil when it has neither.
    public static func onThisHost() -> ContainerRuntime? { Kind.allCases.compactMap { onThisHost($0) }.first }

    /// The runtime of this kind, if this machine has it.
    public static func onThisHost(_ kind: Kind) -> ContainerRuntime? {
        let paths: [String] = places.map { "\($0)/\(kind.rawValue)" }
        return paths.first { access($0, X_OK) == 0 }.map { ContainerRuntime(kind: kind, path: $0) }
    }

    /// How the launcher is told.
    var arguments: [String] { ["--\(kind.rawValue)", path, "--patience", "\(patience.components.seconds)"] }

    /// Why there are no containers without one, and the remedy.
    static let missing = SandboxError(
        "neither crun nor runc is installed, one of which runs containers: install the package crun")
}
