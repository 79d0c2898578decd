import Foundation
import TestSupport
import Testing

/// What a test needs of the machine. With CI=true nothing may be missing; elsewhere the test is skipped and says so.
enum Requirement {
    static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

    /// The Python that has Google's client libraries (scripts/python-clients).
    static let python = ProcessInfo.processInfo.environment["LANDFALL_TEST_PYTHON"]

    /// The Python that has dsub (scripts/python-clients dsub).
    static let dsub = ProcessInfo.processInfo.environment["LANDFALL_TEST_DSUB"]

    /// Whether this machine reaches Debian's mirror, and installs from it.
    static let reachesMirror = Task {
        let command = "command -v apt-get && exec 3<>/dev/tcp/deb.debian.org/80"
        return (try? await Program.run(["timeout", "5", "bash", "-c", command]))?.status == 0
    }

    static func isInstalled(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}

extension Trait where Self == ConditionTrait {
    static var needsRoot: Self {
        .enabled(if: geteuid() == 0 || Requirement.isCI, "a server that runs tasks needs root")
    }
    static var needsGcloud: Self {
        .enabled(if: Requirement.isInstalled("gcloud") || Requirement.isCI, "gcloud is not installed")
    }
    static var needsSkopeo: Self {
        .enabled(if: Requirement.isInstalled("skopeo") || Requirement.isCI, "skopeo is not installed")
    }
    static var needsPodman: Self {
        .enabled(if: Requirement.isInstalled("podman") || Requirement.isCI, "podman is not installed")
    }
    static var needsMirror: Self {
        .enabled("Debian's mirror, deb.debian.org, cannot be reached from this machine") {
            await Requirement.reachesMirror.value
        }
    }
    static var needsPython: Self {
        .enabled(
            if: Requirement.python != nil || Requirement.isCI,
            "LANDFALL_TEST_PYTHON names no Python with Google's client libraries: run scripts/test")
    }
    static var needsDsub: Self {
        .enabled(
            if: Requirement.dsub != nil || Requirement.isCI,
            "LANDFALL_TEST_DSUB names no Python with dsub: run scripts/test")
    }
}
