import CSandbox
import Glibc
import SystemPackage

/// A sandbox's volumes as mounts that are attached nowhere yet. Each is gone when nothing shows it any more.
struct VolumeMounts: Sendable {
    /// In the order of the specification.
    let mounts: [FileDescriptor]
    private let names: [String]
    private let owner: (uid: UInt32, gid: UInt32)

    /// - Parameters:
    ///   - owner: whom new volumes belong to.
    ///   - scratch: the directory in which the sandbox has one of its name.
    init(_ spec: SandboxSpec, owner: (uid: UInt32, gid: UInt32), scratch: FileDescriptor) throws {
        var made: [FileDescriptor] = []
        do {
            for (number, volume) in spec.volumes.enumerated() {
                let maker = VolumeMaker(
                    owner: owner, sandbox: spec.id, number: number, scratch: scratch, others: spec.volumes)
                made.append(try maker.make(volume))
            }
        } catch {
            for mount in made { try? mount.close() }
            throw error
        }
        mounts = made
        names = spec.volumes.map(\.name)
        self.owner = owner
    }

    /// A file of a volume, to be appended to.
    func file(_ path: String, of volume: String) throws -> FileDescriptor {
        guard let number = names.firstIndex(of: volume) else { throw SandboxError("there is no volume \(volume)") }
        let raw = sandbox_volume_file(mounts[number].rawValue, path, owner.uid, owner.gid)
        return FileDescriptor(rawValue: try checked(raw, "open \(path) in the volume \(volume)"))
    }

    /// Lets go of them: what shows them keeps them.
    func close() {
        for mount in mounts { try? mount.close() }
    }
}

/// Makes one volume.
private struct VolumeMaker {
    let owner: (uid: UInt32, gid: UInt32)
    let sandbox: String
    let number: Int
    let scratch: FileDescriptor
    /// All of the sandbox.
    let others: [SandboxVolume]

    func make(_ volume: SandboxVolume) throws -> FileDescriptor {
        let mount = try source(volume)
        guard volume.isReadOnly || volume.source.isFiles else { return mount }
        do {
            try checked(sandbox_volume_protect(mount.rawValue), "make the volume \(volume.name) read-only")
            return mount
        } catch {
            try? mount.close()
            throw error
        }
    }

    private func source(_ volume: SandboxVolume) throws -> FileDescriptor {
        switch volume.source {
        case .memory(let limit): try memory(limitMiB: limit)
        case .disk: try disk(volume)
        case .directory(let path):
            FileDescriptor(
                rawValue: try checked(sandbox_volume_directory(AT_FDCWD, path), "show the directory \(path)"))
        case .files(let files): try memory(files)
        }
    }

    // Anybody in the task may write, whatever user an image has.
    private func memory(limitMiB: Int?) throws -> FileDescriptor {
        let bytes = UInt64(limitMiB ?? 0) << 20
        let raw = sandbox_volume_memory(bytes, owner.uid, owner.gid, 0o1777)
        return FileDescriptor(rawValue: try checked(raw, "make a volume in memory"))
    }

    private func disk(_ volume: SandboxVolume) throws -> FileDescriptor {
        try Directory.make(sandbox, in: scratch)
        let path = "\(sandbox)/volume-\(number)"
        try directory(path, mode: 0o1777)
        for place in others.compactMap({ $0.place(in: volume) }) {
            var path = path
            for part in place.split(separator: "/") {
                path += "/\(part)"
                try directory(path, mode: 0o755)
            }
        }
        let raw = sandbox_volume_directory(scratch.rawValue, path)
        return FileDescriptor(rawValue: try checked(raw, "make a volume on disk"))
    }

    private func directory(_ path: String, mode: mode_t) throws {
        try Directory.make(path, in: scratch, mode: mode)
        try checkedErrno(
            fchownat(scratch.rawValue, path, owner.uid, owner.gid, AT_SYMLINK_NOFOLLOW), "own a volume")
    }

    private func memory(_ files: [SandboxVolume.File]) throws -> FileDescriptor {
        let size = files.reduce(1 << 16) { $0 + ($1.content.count + 8192) }
        let raw = sandbox_volume_memory(UInt64(size), owner.uid, owner.gid, 0o755)
        let mount = FileDescriptor(rawValue: try checked(raw, "make a volume in memory"))
        do {
            for file in files { try write(file, in: mount) }
        } catch {
            try? mount.close()
            throw error
        }
        return mount
    }

    private func write(_ file: SandboxVolume.File, in mount: FileDescriptor) throws {
        let parts = file.path.split(separator: "/").map(String.init)
        for count in 1..<max(parts.count, 1) {
            let directory = parts.prefix(count).joined(separator: "/")
            try Directory.make(directory, in: mount)
            try checkedErrno(fchownat(mount.rawValue, directory, owner.uid, owner.gid, 0), "own a directory")
        }
        let raw = openat(mount.rawValue, file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        let descriptor = FileDescriptor(rawValue: try checkedErrno(raw, "create the file \(file.path)"))
        try descriptor.closeAfter {
            _ = try descriptor.writeAll(file.content)
            try checkedErrno(fchown(raw, owner.uid, owner.gid), "own the file \(file.path)")
            try checkedErrno(fchmod(raw, mode_t(file.mode)), "set the mode of \(file.path)")
        }
    }
}

extension SandboxVolume.Source {
    fileprivate var isFiles: Bool {
        if case .files = self { true } else { false }
    }
}

extension SandboxVolume {
    /// Where in another volume this one lies; nil when it does not.
    fileprivate func place(in outer: SandboxVolume) -> Substring? {
        guard let path, let place = outer.path, path.hasPrefix(place + "/") else { return nil }
        return path.dropFirst(place.count)
    }
}
