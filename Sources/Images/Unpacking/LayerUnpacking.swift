import OCI

/// Unpacks layers while they come, each into a new directory.
struct LayerUnpacking: Sendable {
    /// A layer that is what it should be.
    struct Unpacked: Sendable {
        let directory: String
        /// What it takes of the disk.
        let bytes: Int
    }

    /// The path of landfall-unpack.
    let program: String
    let limits: LayerLimits
    let files: CacheFiles

    /// Fetches and unpacks a layer.
    ///
    /// - Parameter id: the digest that its archive must have.
    /// - Throws: `ImageError`; then nothing is left of it.
    func unpack(_ blob: Descriptor, _ id: Digest, _ session: RegistrySession) async throws -> Unpacked {
        let files = files
        let directory = try await blocking { try files.newDirectory() }
        do {
            let (found, bytes) = try await fetch(blob, into: directory, session)
            guard found == id else {
                throw ImageError(.invalid, "The layer \(blob.digest) is not \(id), as the image says, but \(found).")
            }
            return Unpacked(directory: directory, bytes: bytes)
        } catch {
            _ = try? await blocking { files.remove(directory) }
            throw error
        }
    }

    private func fetch(
        _ blob: Descriptor, into directory: String, _ session: RegistrySession
    ) async throws -> (Digest, Int) {
        let unpacker = try Unpacker(program: program, directory: directory, limits: limits)
        do {
            try await BlobDownload(session: session, blob: blob).run { piece in
                guard try await unpacker.write(piece) else { throw GaveUp() }
            }
        } catch is GaveUp {
            // Its report says why.
        } catch {
            await unpacker.stop()
            throw error
        }
        switch try await unpacker.finish() {
        case .layer(let digest, let bytes): return (digest, bytes)
        case .refused(let reason): throw ImageError(.invalid, "The layer \(blob.digest) is refused: \(reason).")
        case .full(let reason): throw ImageError(.diskFull, "The layer \(blob.digest) cannot be unpacked: \(reason).")
        case .failed(let reason): throw ImageError(.machine, "The layer \(blob.digest) cannot be unpacked: \(reason).")
        }
    }

    /// The program has ended before the layer has.
    private struct GaveUp: Error {}
}
