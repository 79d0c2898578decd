import HTTPTypes
import HummingbirdCore
import NIOCore
import OCI
import Registry

// Blobs on their way out.

extension DockerRegistry {
    /// Bytes that are sent at a time.
    private static let portion = 256 << 10

    func blob(
        _ path: ImagePath, _ digest: Digest, _ request: RegistryRequest, _ call: RegistryCall
    ) async throws -> Response {
        let repository = try await call.repository(path.repository, for: Self.pulling, in: directory)
        let blob = try await images.blob(digest, inRepository: repository.uid)
        var headers: HTTPFields = [
            .contentType: "application/octet-stream", .dockerDigest: digest.description, .eTag: "\"\(digest)\"",
            .acceptRanges: "bytes",
        ]
        let wanted = request.method == .get ? request.request.headers[.range].flatMap(ByteRange.init) : nil
        var range = 0..<blob.size
        if let wanted {
            guard let part = wanted.range(within: blob.size) else {
                var fault = RegistryFault(
                    .rangeNotSatisfiable, "BLOB_UNKNOWN", "The blob has \(blob.size) bytes.")
                fault.headers[.contentRange] = "bytes */\(blob.size)"
                throw fault
            }
            range = part
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(blob.size)"
        }
        let status: HTTPResponse.Status = wanted == nil ? .ok : .partialContent
        guard request.method == .get else {
            headers[.contentLength] = "\(blob.size)"
            return Response(status: status, headers: headers)
        }
        return Response(status: status, headers: headers, body: try await Self.body(blob, range))
    }

    private static func body(_ blob: Blob, _ range: Range<Int64>) async throws -> ResponseBody {
        let reader = try await blob.open()
        return ResponseBody(contentLength: Int(range.count)) { writer in
            var position = range.lowerBound
            while position < range.upperBound {
                let count = min(portion, Int(range.upperBound - position))
                let bytes = try await reader.read(at: position, count: count)
                guard bytes.readableBytes == count else { throw ChannelError.inputClosed }
                try await writer.write(bytes)
                position += Int64(count)
            }
            try await writer.finish(nil)
        }
    }
}

/// A part of a blob that is asked for: `bytes=0-99`, `bytes=100-` or `bytes=-50`. Several parts at once are not
/// supported, and are answered with everything (RFC 9110, 14.2).
struct ByteRange: Equatable {
    private let first: Int64?
    private let last: Int64?

    /// Nil for what is to be ignored.
    init?(_ text: String) {
        guard text.hasPrefix("bytes="), !text.contains(",") else { return nil }
        let ends = text.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        first = Int64(ends[0])
        last = Int64(ends[1])
        guard (first != nil) == !ends[0].isEmpty, (last != nil) == !ends[1].isEmpty, first ?? last != nil,
            first ?? 0 <= last ?? .max
        else { return nil }
    }

    /// The part of some size; nil when nothing of it is there.
    func range(within size: Int64) -> Range<Int64>? {
        guard let first else {
            guard let count = last, count > 0, size > 0 else { return nil }
            return max(0, size - count)..<size
        }
        guard first < size else { return nil }
        return first..<min(size - 1, last ?? .max) + 1
    }
}
