import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import OCI
import Registry

// Manifests, tags, and what refers to a manifest.

extension DockerRegistry {
    func manifest(_ path: ImagePath, _ reference: Reference, _ call: RegistryCall) async throws -> Response {
        let repository = try await call.repository(path.repository, for: Self.pulling, in: directory)
        let manifest = try await images.manifest(reference, of: path.image, inRepository: repository.uid)
        let digest = manifest.digest.description
        return Response(
            status: .ok,
            headers: [.contentType: manifest.mediaType, .dockerDigest: digest, .eTag: "\"\(digest)\""],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: manifest.body)))
    }

    func putManifest(
        _ path: ImagePath, _ reference: Reference, _ request: RegistryRequest, _ call: RegistryCall
    ) async throws -> Response {
        let repository = try await call.repository(path.repository, for: Self.pushing, in: directory)
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Manifest.longest)
        } catch is NIOTooManyBytesError {
            throw RegistryFault(
                .contentTooLarge, "MANIFEST_INVALID", "A manifest has at most \(Manifest.longest) bytes.")
        }
        let manifest = try Manifest(
            Data(body.readableBytesView), contentType: request.request.headers[.contentType])
        var tag: TagName?
        switch reference {
        case .tag(let name): tag = name
        case .digest(let digest):
            guard digest == manifest.digest else {
                throw RegistryError.wrongDigest(said: digest, found: manifest.digest)
            }
        }
        try await images.put(
            manifest, inRepository: repository.uid, path.image, as: tag, tagsAreImmutable: repository.tagsAreImmutable)
        var headers: HTTPFields = [
            .location: "/v2/\(path.text)/manifests/\(manifest.digest)", .dockerDigest: manifest.digest.description,
        ]
        if let subject = manifest.subject { headers[.ociSubject] = subject.description }
        return .empty(.created, headers)
    }

    func deleteManifest(_ path: ImagePath, _ reference: Reference, _ call: RegistryCall) async throws -> Response {
        switch reference {
        case .tag(let tag):
            let repository = try await call.repository(
                path.repository, for: "artifactregistry.tags.delete", in: directory)
            try await images.removeTag(
                tag, of: path.image, inRepository: repository.uid, tagsAreImmutable: repository.tagsAreImmutable)
        case .digest(let digest):
            let repository = try await call.repository(
                path.repository, for: "artifactregistry.versions.delete", in: directory)
            try await images.removeVersion(
                digest, of: path.image, inRepository: repository.uid, withTags: false,
                tagsAreImmutable: repository.tagsAreImmutable)
        }
        return .empty(.accepted)
    }

    func tags(_ path: ImagePath, _ request: RegistryRequest, _ call: RegistryCall) async throws -> Response {
        let repository = try await call.repository(path.repository, for: Self.pulling, in: directory)
        guard try await images.image(path.image, inRepository: repository.uid) != nil else {
            throw RegistryFault(.notFound, "NAME_UNKNOWN", "There is no image \(path.image) in the repository.")
        }
        let limit = try Self.pageSize(request.parameter("n"))
        let found = try await images.tags(
            of: path.image, inRepository: repository.uid, after: request.parameter("last") ?? "", limit: limit + 1)
        var headers: HTTPFields = [:]
        if found.count > limit, limit > 0 {
            headers[.link] = "</v2/\(path.text)/tags/list?n=\(limit)&last=\(found[limit - 1].name)>; rel=\"next\""
        }
        return try .json(.ok, TagList(name: path.text, tags: found.prefix(limit).map(\.name)), headers)
    }

    private struct TagList: Encodable {
        let name: String
        let tags: [String]
    }

    /// Tags on a page: what is asked for, a thousand at most.
    private static func pageSize(_ text: String?) throws -> Int {
        guard let text else { return 1_000 }
        guard let number = Int(text), number >= 0 else {
            throw RegistryFault(.badRequest, "PAGINATION_NUMBER_INVALID", "n must be a number, 0 or more.")
        }
        return min(number, 1_000)
    }

    func referrers(
        _ path: ImagePath, _ digest: Digest, _ request: RegistryRequest, _ call: RegistryCall
    ) async throws -> Response {
        let repository = try await call.repository(path.repository, for: Self.pulling, in: directory)
        let type = request.parameter("artifactType")
        let found = try await images.referrers(
            to: digest, of: path.image, inRepository: repository.uid, artifactType: type)
        var response = try Response.json(.ok, ReferrerList(manifests: found))
        response.headers[.contentType] = MediaType.index.rawValue
        if type != nil { response.headers[.ociFilters] = "artifactType" }
        return response
    }

    private struct ReferrerList: Encodable {
        var schemaVersion = 2
        var mediaType = MediaType.index.rawValue
        let manifests: [Referrer]
    }
}
