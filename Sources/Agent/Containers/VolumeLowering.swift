import FoundationEssentials
import Sandbox
import Workload

/// A plan's volumes as those of a sandbox.
struct VolumeLowering {
    /// Of all secrets that the plan's volumes name.
    let secrets: [SecretReference: Data]

    /// - Throws: `SandboxError` for what this agent cannot show.
    func volumes(of plan: Plan) throws -> [SandboxVolume] {
        try plan.volumes.map { volume in
            SandboxVolume(
                name: volume.name, source: try source(of: volume), path: volume.path, isReadOnly: volume.isReadOnly)
        }
    }

    private func source(of volume: Volume) throws -> SandboxVolume.Source {
        switch volume.source {
        case .memory(let limit): .memory(limitMiB: limit)
        case .disk: .disk
        case .hostDirectory(let path): .directory(path: path)
        case .secrets(let files): .files(try files.map(file))
        }
    }

    private func file(_ file: SecretFile) throws -> SandboxVolume.File {
        guard let value = secrets[file.secret] else {
            throw SandboxError("the secret \(file.secret.path) has no value")
        }
        return SandboxVolume.File(path: file.path, content: Array(value), mode: file.mode)
    }
}
