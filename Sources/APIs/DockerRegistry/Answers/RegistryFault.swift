import Foundation
import HTTPTypes
import HummingbirdCore
import Methods
import NIOCore
import Registry

/// An error as clients of the protocol see it (OCI Distribution, Error Codes).
struct RegistryFault: Error, Sendable {
    let status: HTTPResponse.Status
    /// `DENIED`
    let code: String
    /// For people.
    let message: String
    /// Fields of the answer's header.
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static let unknownPath = RegistryFault(
        .notFound, "UNSUPPORTED", "The registry has nothing at this path, or not with this method.")
    static let badName = RegistryFault(
        .badRequest, "NAME_INVALID",
        "An image is named LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE: IMAGE in lower-case letters, digits and "
            + "separators, 255 bytes at most.")
    static let badReference = RegistryFault(
        .badRequest, "MANIFEST_INVALID", "A manifest is named by a tag or by a digest with sha256.")
    static let badDigest = RegistryFault(
        .badRequest, "DIGEST_INVALID", "A digest is sha256: and 64 hexadecimal digits.")

    /// The answer.
    var response: Response {
        struct Body: Encodable {
            struct Fault: Encodable {
                let code: String
                let message: String
            }
            let errors: [Fault]
        }
        var headers = headers
        headers[.contentType] = "application/json"
        let body = (try? JSONEncoder().encode(Body(errors: [.init(code: code, message: message)]))) ?? Data()
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension RegistryFault {
    /// An error of the APIs, such as a refusal.
    init(_ error: ServiceError) {
        switch error.code {
        case .unauthenticated: self.init(.unauthorized, "UNAUTHORIZED", error.message)
        case .permissionDenied: self.init(.forbidden, "DENIED", error.message)
        case .resourceExhausted: self.init(.insufficientStorage, "UNKNOWN", error.message)
        default: self.init(.init(code: error.code.httpStatus), "UNKNOWN", error.message)
        }
    }

    /// An error of the store.
    init(_ error: RegistryError) {
        switch error {
        case .noBlob(let digest): self.init(.notFound, "BLOB_UNKNOWN", "The repository has no blob \(digest).")
        case .noManifest(let name): self.init(.notFound, "MANIFEST_UNKNOWN", "There is no \(name).")
        case .noTag(let tag): self.init(.notFound, "MANIFEST_UNKNOWN", "There is no tag \(tag).")
        case .badManifest(let reason):
            self.init(.badRequest, "MANIFEST_INVALID", "The manifest cannot be taken: \(reason).")
        case .missingContent(let digest):
            self.init(
                .notFound, "MANIFEST_BLOB_UNKNOWN", "The manifest names \(digest), which the repository does not have.")
        case .wrongDigest(let said, let found):
            self.init(.badRequest, "DIGEST_INVALID", "The contents have the digest \(found), and not \(said).")
        case .noUpload: self.init(.notFound, "BLOB_UPLOAD_UNKNOWN", "There is no such upload.")
        case .wrongOffset(let offset):
            self.init(.rangeNotSatisfiable, "BLOB_UPLOAD_INVALID", "The upload goes on at byte \(offset).")
        case .busyUpload:
            self.init(.conflict, "BLOB_UPLOAD_INVALID", "Another request is writing to this upload.")
        case .tooManyUploads(let most):
            self.init(.tooManyRequests, "TOOMANYREQUESTS", "There are \(most) unfinished uploads to this repository.")
        case .tagged(let tags):
            self.init(
                .badRequest, "GOOGLE_MANIFEST_DANGLING_TAG",
                "Manifest is still referenced by tag: \(tags.joined(separator: ", "))")
        case .partOfIndex(let index):
            self.init(
                .badRequest, "GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE",
                "Manifest is still referenced by parent image: \(index)")
        case .immutableTag(let tag):
            self.init(
                .forbidden, "DENIED", "The tag \(tag) cannot be changed: the repository has enabled tag immutability.")
        case .tagExists(let tag): self.init(.conflict, "DENIED", "The tag \(tag) exists.")
        case .noSpace: self.init(.insufficientStorage, "UNKNOWN", "The server's disk is full: nothing was kept.")
        }
    }
}

extension HTTPResponse.Status {
    /// 507 (RFC 4918).
    fileprivate static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
