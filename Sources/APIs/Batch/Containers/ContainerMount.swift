import Workload

/// What a container's `volumes` asks for: `HOST:CONTAINER[:ro|rw]` (Batch API, `Container.volumes`).
struct ContainerMount: Hashable, Sendable {
    /// Absolute path as the task's scripts see it.
    var host: String
    /// Absolute path in the container.
    var path: String
    /// The container cannot write to it.
    var isReadOnly: Bool

    /// Reads a mount.
    ///
    /// - Returns: nil when it does not look like one.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), HostDirectories.isPlain(parts[0]), HostDirectories.isPlain(parts[1]),
            parts[1] != "/", parts.count == 2 || ["ro", "rw"].contains(parts[2])
        else { return nil }
        host = parts[0]
        path = parts[1]
        isReadOnly = parts.count == 3 && parts[2] == "ro"
    }

    /// The volume of the task that its host path is in, and where in it: the one with the longest path.
    func volume(among volumes: [Volume]) -> (name: String, subpath: String)? {
        let found = volumes.compactMap { volume -> (volume: Volume, path: String)? in
            guard let path = volume.path, HostDirectories.lies(host, in: path) else { return nil }
            return (volume, path)
        }.max { $0.path.utf8.count < $1.path.utf8.count }
        return found.map { ($0.volume.name, String(host.dropFirst($0.path.count).drop { $0 == "/" })) }
    }
}
