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
    /// The path, or the script's text with an empty path.
    func parts() throws -> (path: String, script: [UInt8]) {
        switch self {
        case .script(let text):
            guard text.utf8.count <= 1 << 24 else { throw SandboxError("the script is larger than 16 MiB") }
            return ("", Array(text.utf8))
        case .file(let path):
            guard path.hasPrefix("/") else { throw SandboxError("not an absolute path: \(path)") }
            return (path, [])
        }
    }
}
