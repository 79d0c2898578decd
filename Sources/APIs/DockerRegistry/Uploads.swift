import HTTPTypes
import HummingbirdCore
import NIOCore
import OCI
import Registry
import SystemPackage

// Blobs on their way in: whole, in parts, or from another repository.

extension DockerRegistry {
    func beginUpload(_ path: ImagePath, _ request: RegistryRequest, _ call: RegistryCall) async throws -> Response {
        let repository = try await call.repository(path.repository, for: Self.pushing, in: directory)
        if let mounted = try await mount(request, path, to: repository.uid, call) {
            return Self.stored(mounted, path)
        }
        let purpose = UploadPurpose(repository: repository.uid, image: path.image, owner: call.owner)
        let digest = try Self.digest(request)
        let id = try await images.beginUpload(purpose)
        guard let digest else { return Self.status(.accepted, id, path, received: 0) }
        do {
            _ = try await receive(request.body, into: id, purpose, at: 0)
            try await images.finish(id, purpose, as: digest)
        } catch {
            // Nobody was told its id.
            try? await images.cancel(id, purpose)
            throw error
        }
        return Self.stored(digest, path)
    }

    /// Takes a blob from another repository that the caller may read.
    ///
    /// - Returns: nil when it has to be sent.
    private func mount(
        _ request: RegistryRequest, _ path: ImagePath, to uid: String, _ call: RegistryCall
    ) async throws -> Digest? {
        guard let text = request.parameter("mount"), let from = request.parameter("from") else { return nil }
        guard let digest = Digest(text) else { throw RegistryFault.badDigest }
        guard let source = imagePath(from, at: request.host),
            let repository = try await call.readable(source.repository, in: directory),
            try await images.mount(digest, from: repository.uid, to: uid)
        else { return nil }
        return digest
    }

    func uploadStatus(_ path: ImagePath, _ id: UploadID, _ call: RegistryCall) async throws -> Response {
        let purpose = try await purpose(path, call)
        return Self.status(.noContent, id, path, received: try await images.received(id, purpose))
    }

    func continueUpload(
        _ path: ImagePath, _ id: UploadID, _ request: RegistryRequest, _ call: RegistryCall
    ) async throws -> Response {
        let purpose = try await purpose(path, call)
        do {
            let size = try await receive(request.body, into: id, purpose, at: Self.offset(request))
            return Self.status(.accepted, id, path, received: size)
        } catch RegistryError.wrongOffset(let offset) {
            var fault = RegistryFault(RegistryError.wrongOffset(at: offset))
            fault.headers = Self.status(.accepted, id, path, received: offset).headers
            fault.headers[.contentLength] = nil
            throw fault
        }
    }

    func finishUpload(
        _ path: ImagePath, _ id: UploadID, _ request: RegistryRequest, _ call: RegistryCall
    ) async throws -> Response {
        let purpose = try await purpose(path, call)
        guard let digest = try Self.digest(request) else { throw RegistryFault.badDigest }
        _ = try await receive(request.body, into: id, purpose, at: Self.offset(request))
        try await images.finish(id, purpose, as: digest)
        return Self.stored(digest, path)
    }

    func cancelUpload(_ path: ImagePath, _ id: UploadID, _ call: RegistryCall) async throws -> Response {
        try await images.cancel(id, purpose(path, call))
        return .empty(.noContent)
    }

    private func purpose(_ path: ImagePath, _ call: RegistryCall) async throws -> UploadPurpose {
        let repository = try await call.repository(path.repository, for: Self.pushing, in: directory)
        return UploadPurpose(repository: repository.uid, image: path.image, owner: call.owner)
    }

    private func receive(
        _ body: RequestBody, into id: UploadID, _ purpose: UploadPurpose, at offset: Int64?
    ) async throws -> Int64 {
        do {
            return try await images.append(body, to: id, purpose, at: offset)
        } catch let error where error is RegistryError || error is Errno {
            throw error
        } catch {
            throw RegistryFault(
                .badRequest, "BLOB_UPLOAD_INVALID", "The connection ended before the request was complete.")
        }
    }

    private static func digest(_ request: RegistryRequest) throws -> Digest? {
        guard let text = request.parameter("digest") else { return nil }
        guard let digest = Digest(text) else { throw RegistryFault.badDigest }
        return digest
    }

    /// Where a part begins, as its sender says: `Content-Range: 0-99`; nil when nothing is said.
    private static func offset(_ request: RegistryRequest) throws -> Int64? {
        guard let text = request.request.headers[.contentRange] else { return nil }
        let bytes = text.hasPrefix("bytes ") ? text.dropFirst("bytes ".count) : text[...]
        let ends = bytes.prefix { $0 != "/" }.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int64(ends[0]), let last = Int64(ends[1]), first >= 0, last >= first - 1
        else {
            throw RegistryFault(
                .badRequest, "BLOB_UPLOAD_INVALID", "Content-Range must be of the form FIRST-LAST, in bytes.")
        }
        if let length = request.request.headers[.contentLength].flatMap(Int64.init), length - 1 != last - first {
            throw RegistryFault(.badRequest, "SIZE_INVALID", "Content-Length is not the size of Content-Range.")
        }
        return first
    }

    private static func status(
        _ status: HTTPResponse.Status, _ id: UploadID, _ path: ImagePath, received: Int64
    ) -> Response {
        .empty(
            status,
            [
                .location: "/v2/\(path.text)/blobs/uploads/\(id.text)", .dockerUpload: id.text,
                .range: "0-\(max(0, received - 1))",
            ])
    }

    private static func stored(_ digest: Digest, _ path: ImagePath) -> Response {
        .empty(
            .created, [.location: "/v2/\(path.text)/blobs/\(digest)", .dockerDigest: digest.description])
    }
}
