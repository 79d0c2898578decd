import Glibc

/// The program that runs containers.
struct ContainerRuntime: Sendable {
    /// Absolute, and in a directory that the runtime's surroundings show.
    let path: String

    private static let places = ["/usr/bin/crun", "/usr/sbin/crun", "/bin/crun", "/usr/local/bin/crun"]

    /// What this machine has; nil when it has none.
    static func onThisHost() -> ContainerRuntime? {
        places.first { access($0, X_OK) == 0 }.map(ContainerRuntime.init)
    }

    /// Why there are no containers without it, and the remedy.
    static let missing = SandboxError("the program crun is missing, which runs containers: install the package crun")
}
