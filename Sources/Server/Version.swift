/// The version of this program.
public enum Version {
    /// As `landfall --version` prints it (semver.org).
    public static let current = "0.1.0"
}
