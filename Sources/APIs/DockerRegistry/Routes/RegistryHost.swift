/// Which location a registry's host stands for: `us-central1-docker.pkg.dev`, and the same in a private universe.
struct RegistryHost: Sendable {
    /// `pkg.dev` and `pkg.landfall.test`.
    let domains: [String]

    /// - Parameter universe: the domain of the private universe.
    init(universe: String) { domains = DockerRegistry.domains(universe: universe) }

    /// The location of a host in lower case and without port; nil when the host is no registry's.
    func location(of host: String) -> String? {
        for domain in domains where host.hasSuffix("-docker.\(domain)") {
            let location = host.dropLast("-docker.\(domain)".count)
            return location.isEmpty || location.contains(".") ? nil : String(location)
        }
        return nil
    }
}
