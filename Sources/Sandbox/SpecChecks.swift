extension SandboxSpec {
    /// The least memory with which a shell starts.
    private static let leastMemoryMiB = 8

    /// Checks what the kernel or a file name would not take.
    func check() throws {
        let plain = id.utf8.allSatisfy { Self.isLower($0) || Self.isDigit($0) || $0 == 0x2d || $0 == 0x2e }
        guard (1...100).contains(id.utf8.count), plain, !id.hasPrefix(".") else {
            throw SandboxError("not an id for a sandbox: \(id)")
        }
        let named = hostname.utf8.allSatisfy {
            Self.isLower($0 | 0x20) || Self.isDigit($0) || $0 == 0x2d || $0 == 0x2e
        }
        guard (1...63).contains(hostname.utf8.count), named else {
            throw SandboxError("not a host name: \(hostname)")
        }
        guard (1...1_000_000_000).contains(cpuMilli) else { throw SandboxError("not a processor share: \(cpuMilli)") }
        guard (Self.leastMemoryMiB...1 << 40).contains(memoryMiB) else {
            throw SandboxError("a sandbox needs \(Self.leastMemoryMiB) MiB of memory; \(memoryMiB) were asked for")
        }
        try user.check()
        guard !programs.isEmpty, volumes.count <= SandboxVolume.limit,
            Set(volumes.map(\.name)).count == volumes.count
        else {
            throw SandboxError("a sandbox has programs, and at most \(SandboxVolume.limit) volumes of different names")
        }
        for volume in volumes { try volume.check() }
    }

    fileprivate static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }
    fileprivate static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

extension SandboxSpec.User {
    /// An account is nobody's of the system, has a plain name and a home of that name.
    fileprivate func check() throws {
        guard case .account(let name, let uid, let gid, let home, let shell) = self else { return }
        let plain = name.utf8.allSatisfy {
            SandboxSpec.isLower($0) || SandboxSpec.isDigit($0) || [0x2d, 0x2e, 0x5f].contains($0)
        }
        guard (1...64).contains(name.utf8.count), plain, !name.hasPrefix("."), !name.hasPrefix("-") else {
            throw SandboxError("not an account name: \(name)")
        }
        // Root sandboxes have the ids from 0x70000000 to 0x7FFFFFFF.
        let accounts: [Range<UInt32>] = [1000..<0x7000_0000, 0x8000_0000..<0xF000_0000]
        for id in [uid, gid] where !accounts.contains(where: { $0.contains(id) }) || id == 65534 || id == 65535 {
            throw SandboxError("\(id) is no id for a person's account: it is below 1000 or reserved")
        }
        guard home == "/home/\(name)" else { throw SandboxError("the home of \(name) must be /home/\(name)") }
        guard shell.hasPrefix("/"), !shell.utf8.contains(where: { $0 == 0x3a || $0 < 0x20 }) else {
            throw SandboxError("not a shell: \(shell)")
        }
    }
}

extension ProcessSpec {
    /// The environment as the launcher takes it. Linux refuses a program more than some MiB of it.
    func environmentBlock() throws -> [UInt8] {
        try program.check()
        var block: [UInt8] = []
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            guard !name.isEmpty, !name.utf8.contains(where: { $0 == 0 || $0 == 0x3d }), !value.utf8.contains(0) else {
                throw SandboxError("not a name or value for an environment variable: \(name)")
            }
            block += name.utf8
            block.append(0x3d)
            block += value.utf8
            block.append(0)
        }
        guard block.count <= 1 << 21 else { throw SandboxError("the environment is larger than 2 MiB") }
        return block
    }
}

extension ProcessSpec.Program {
    fileprivate func check() throws {
        switch self {
        case .script(let text):
            guard text.utf8.count <= 1 << 24 else { throw SandboxError("the script is larger than 16 MiB") }
        case .file(let path):
            guard path.hasPrefix("/") else { throw SandboxError("not an absolute path: \(path)") }
        case .container(let container):
            try container.check()
        }
    }
}

extension ContainerSpec {
    /// As many layers as an overlay takes.
    private static let layerLimit = 500

    fileprivate func check() throws {
        guard (1...Self.layerLimit).contains(layers.count) else {
            throw SandboxError("an image has 1 to \(Self.layerLimit) layers, not \(layers.count)")
        }
        let texts = arguments + [workingDirectory, user]
        guard arguments.first?.isEmpty == false, texts.allSatisfy({ !$0.utf8.contains(0) }),
            texts.reduce(0, { $0 + $1.utf8.count }) <= 1 << 21
        else { throw SandboxError("a container needs a program, and arguments of at most 2 MiB") }
        guard workingDirectory.hasPrefix("/"), workingDirectory.utf8.count < 4096, user.utf8.count < 512 else {
            throw SandboxError("not a working directory or not a user: \(workingDirectory), \(user)")
        }
        for mount in mounts {
            guard mount.path.isPlainAbsolute, mount.subpath.isEmpty || "/\(mount.subpath)".isPlainAbsolute else {
                throw SandboxError("not a place for a volume: \(mount.path)")
            }
            let isSystem = ["/proc", "/sys"].contains { mount.path == $0 || mount.path.hasPrefix("\($0)/") }
            guard !isSystem, mount.path != "/dev" else {
                throw SandboxError("no volume can be at \(mount.path), where a container's system files are")
            }
        }
    }
}

extension SandboxVolume {
    /// As many as the launcher takes.
    static let limit = 40

    fileprivate func check() throws {
        guard path?.isPlainAbsolute ?? true else { throw SandboxError("not a place for a volume: \(path ?? "")") }
        switch source {
        case .directory(let path):
            guard path.isPlainAbsolute else { throw SandboxError("not a plain absolute path: \(path)") }
        case .files(let files):
            guard files.count <= 1000, files.allSatisfy({ "/\($0.path)".isPlainAbsolute && $0.mode & 0o7000 == 0 })
            else { throw SandboxError("the volume \(name) has too many files, or one without a plain path") }
        case .memory, .disk: break
        }
    }
}

extension String {
    /// Begins with a slash, and has parts that are names.
    fileprivate var isPlainAbsolute: Bool {
        let parts = split(separator: "/", omittingEmptySubsequences: false)
        return hasPrefix("/") && utf8.count < 4096 && parts.count > 1 && !utf8.contains(0)
            && parts.dropFirst().allSatisfy { !["", ".", ".."].contains($0) && $0.utf8.count <= 255 }
    }
}
