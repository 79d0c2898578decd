import Workload

/// Turns a container of Batch into one of a plan, with the volumes that it alone asks for.
///
/// Batch API, `Container`: `commands` replace the image's command, `entrypoint` its entrypoint; without `volumes` of its
/// own a container has every volume of the task at the same path, and else only its own.
struct ContainerLowering: Sendable {
    let container: Wire.Runnable.Container
    /// The task's.
    let volumes: [Volume]
    let hostDirectories: HostDirectories

    /// The container, and what its options add to the environment.
    ///
    /// - Parameter extra: volumes of containers before this one that are no volumes of the task; this one's are added.
    /// - Throws: `ContainerOptions.Refusal` for a container that was never checked.
    func lowered(adding extra: inout [Volume]) throws -> (container: Container, environment: [String: String]) {
        // With image streaming these fields are without effect.
        let isStreamed = container.enableImageStreaming
        let options = isStreamed ? ContainerOptions() : try ContainerOptions(container.options)
        let entrypoint = container.entrypoint.isEmpty ? options.entrypoint : container.entrypoint
        let lowered = Container(
            image: container.imageUri,
            entrypoint: entrypoint.map { [$0] },
            arguments: container.commands.isEmpty ? nil : container.commands,
            workingDirectory: options.workingDirectory,
            mounts: mounts(container.volumes + options.volumes, adding: &extra),
            blocksExternalNetwork: !isStreamed && container.blockExternalNetwork || options.network == "none",
            user: options.user,
            login: isStreamed ? nil : login)
        return (lowered, options.environment)
    }

    private func mounts(_ texts: [String], adding extra: inout [Volume]) -> [VolumeMount] {
        guard !texts.isEmpty else {
            return volumes.compactMap { volume in
                volume.path.map { VolumeMount(volume: volume.name, path: $0) }
            }
        }
        let asked = texts.compactMap(ContainerMount.init)
        let mounts = asked.compactMap { mount -> VolumeMount? in
            if let found = mount.volume(among: volumes) {
                return VolumeMount(
                    volume: found.name, subpath: found.subpath, path: mount.path, isReadOnly: mount.isReadOnly)
            }
            guard hostDirectories.contains(mount.host) else { return nil }
            let name = "host:\(mount.host)"
            if !extra.contains(where: { $0.name == name }) {
                extra.append(Volume(name: name, source: .hostDirectory(path: mount.host)))
            }
            return VolumeMount(volume: name, path: mount.path, isReadOnly: mount.isReadOnly)
        }
        return outerFirst(mounts + asked.flatMap(nested).filter { each in !mounts.contains { $0.path == each.path } })
    }

    /// What lies in a disk's directory that a container asks for comes with it, as it does with docker.
    private func nested(in mount: ContainerMount) -> [VolumeMount] {
        let outer = mount.volume(among: volumes)
        guard volumes.contains(where: { $0.name == outer?.name && $0.source == .disk }) else { return [] }
        return volumes.compactMap { volume in
            guard let path = volume.path, path != mount.host, HostDirectories.lies(path, in: mount.host) else {
                return nil
            }
            return VolumeMount(
                volume: volume.name, path: mount.path + path.dropFirst(mount.host.count), isReadOnly: mount.isReadOnly)
        }
    }

    /// What is mounted first would else hide what lies in it.
    private func outerFirst(_ mounts: [VolumeMount]) -> [VolumeMount] {
        let inner = Set(
            mounts.filter { mount in
                mounts.contains { $0.path != mount.path && HostDirectories.lies(mount.path, in: $0.path) }
            })
        return mounts.filter { !inner.contains($0) }
            + mounts.filter(inner.contains).sorted { $0.path.utf8.count < $1.path.utf8.count }
    }

    private var login: RegistryLogin? {
        guard !container.username.isEmpty else { return nil }
        func text(_ value: String) -> RegistryLogin.Text {
            SecretReference(path: value).map(RegistryLogin.Text.secret) ?? .plain(value)
        }
        return RegistryLogin(username: text(container.username), password: text(container.password))
    }
}
