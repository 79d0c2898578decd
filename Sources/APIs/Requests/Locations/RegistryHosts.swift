/// The hosts of Artifact Registry: `us-central1-docker.pkg.dev`, and the same in a private universe.
public struct RegistryHosts: Sendable {
    /// Where repositories can be besides the regions.
    public static let multiRegions = ["asia", "europe", "us"]
    /// Where repositories can be, sorted.
    public static let locations = (multiRegions + Region.all.map(\.name)).sorted()

    private static let domain = "pkg.dev"
    private let domains: [String]

    /// - Parameter universe: the domain of the private universe, such as `landfall.test`.
    public init(universe: String) { domains = [Self.domain, "pkg.\(universe)"] }

    /// The location that a host stands for; nil when it is no registry's.
    ///
    /// - Parameter host: in lower case, without port.
    public func location(of host: String) -> String? {
        for domain in domains where host.hasSuffix("-docker.\(domain)") {
            let location = host.dropLast("-docker.\(domain)".count)
            return location.isEmpty || location.contains(".") ? nil : String(location)
        }
        return nil
    }

    /// Every host that stands for a location.
    public func hosts(of location: String) -> [String] { domains.map { "\(location)-docker.\($0)" } }

    /// The host of a location as Google calls it.
    public static func host(of location: String) -> String { "\(location)-docker.\(domain)" }
}
