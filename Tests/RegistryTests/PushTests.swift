import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import OCI
import Testing

@testable import Registry

@Suite("Pushing images")
struct PushTests {
    private let path = "/v2/demo/images/report"

    @Test("a blob is sent whole, or begun and ended, or in parts, and can then be read")
    func blob() async throws {
        let world = try await RegistryWorld()
        for (number, blob) in ["one", "two", "three"].map({ Data($0.utf8) }).enumerated() {
            let digest = Digest(of: blob)
            if number == 0 { try await world.push(blob) }
            if number > 0 {
                let begun = try await world.send(.post, "\(path)/blobs/uploads/")
                #expect(begun.status == 202 && begun.headers[.range] == "0-0", "\(begun)")
                var rest = blob[...]
                if number == 2 {
                    let part = try await world.send(
                        .patch, begun.location, headers: [.contentRange: "0-1"], bytes: rest.prefix(2))
                    #expect(part.status == 202 && part.headers[.range] == "0-1", "\(part)")
                    let second = try await world.send(.patch, part.location, bytes: rest.dropFirst(2).prefix(1))
                    #expect(second.headers[.range] == "0-2")
                    #expect(try await world.send(.get, part.location).headers[.range] == "0-2")
                    rest = rest.dropFirst(3)
                }
                let done = try await world.send(.put, "\(begun.location)?digest=\(digest)", bytes: rest)
                #expect(done.status == 201 && done.digest == digest.description, "\(done)")
                // The upload is over.
                #expect(try await world.send(.get, begun.location).code == "BLOB_UPLOAD_UNKNOWN")
            }
            let head = try await world.send(.head, "\(path)/blobs/\(digest)")
            #expect(head.status == 200 && head.headers[.contentLength] == "\(blob.count)" && head.body.isEmpty)
            let read = try await world.send(.get, "\(path)/blobs/sha256%3A\(digest.hex)")
            #expect(read.body == blob && read.digest == digest.description)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(world.path)/uploads").isEmpty)
    }

    @Test("a blob of many pieces arrives as it was sent, in parts of any size")
    func large() async throws {
        let world = try await RegistryWorld()
        let words = (0..<375_001).map { _ in UInt64.random(in: .min ... .max) }
        let blob = words.withUnsafeBytes { Data($0.prefix(3_000_001)) }
        let begun = try await world.send(.post, "\(path)/blobs/uploads/")
        var position = 0
        for size in [1, 1_048_576, 999_999, 951_425] {
            let part = blob[position..<position + size]
            let pieces = stride(from: part.startIndex, to: part.endIndex, by: 65_521).map {
                ByteBuffer(bytes: part[$0..<min($0 + 65_521, part.endIndex)])
            }
            let body = RequestBody(
                asyncSequence: AsyncStream { stream in
                    for piece in pieces { stream.yield(piece) }
                    stream.finish()
                })
            #expect(try await world.send(.patch, begun.location, body: body).status == 202)
            position += size
        }
        let digest = Digest(of: blob)
        let done = try await world.send(.put, "\(begun.location)?digest=\(digest)")
        #expect(done.status == 201, "\(done)")
        #expect(try await world.send(.get, "\(path)/blobs/\(digest)").body == blob)
    }

    @Test("contents that are not what was announced are not kept, whichever way they come")
    func wrongDigest() async throws {
        let world = try await RegistryWorld()
        let other = Digest(of: Array("other".utf8))
        let whole = try await world.send(.post, "\(path)/blobs/uploads/?digest=\(other)", bytes: "blob".utf8)
        #expect(whole.status == 400 && whole.code == "DIGEST_INVALID")
        let begun = try await world.send(.post, "\(path)/blobs/uploads/")
        let done = try await world.send(.put, "\(begun.location)?digest=\(other)", bytes: "blob".utf8)
        #expect(done.code == "DIGEST_INVALID")
        #expect(try await world.send(.get, begun.location).status == 404)
        for digest in ["", "sha512:00", "sha256:zz", "x"] {
            let bad = try await world.send(.post, "\(path)/blobs/uploads/?digest=\(digest)", bytes: "blob".utf8)
            #expect(bad.code == "DIGEST_INVALID", "\(digest)")
        }
        #expect(try await world.send(.get, "\(path)/blobs/\(other)").code == "BLOB_UNKNOWN")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(world.path)/uploads").isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(world.path)/blobs").isEmpty)
    }

    @Test(
        "a part that leaves a gap, comes twice or says nothing sensible is refused, and the upload goes on",
        arguments: [
            ("5-7", 416), ("0-2", 416), ("2-4", 416), ("4-6", 416), ("3", 400), ("a-b", 400), ("-1-3", 400),
            ("5-3", 400),
            ("99999999999999999999-99999999999999999999", 400), ("9223372036854775807-9223372036854775807", 416),
        ])
    func gaps(range: String, status: Int) async throws {
        let world = try await RegistryWorld()
        let begun = try await world.send(.post, "\(path)/blobs/uploads/")
        _ = try await world.send(.patch, begun.location, headers: [.contentRange: "0-2"], bytes: "abc".utf8)
        let refused = try await world.send(.patch, begun.location, headers: [.contentRange: range], bytes: "def".utf8)
        #expect(refused.status == status && refused.code == "BLOB_UPLOAD_INVALID", "\(refused)")
        if status == 416 { #expect(refused.headers[.range] == "0-2") }
        _ = try await world.send(.patch, begun.location, headers: [.contentRange: "3-5"], bytes: "def".utf8)
        let done = try await world.send(.put, "\(begun.location)?digest=\(Digest(of: Array("abcdef".utf8)))")
        #expect(done.status == 201, "\(done)")
    }

    @Test(
        "a part that is not as long as it says is refused",
        arguments: [("0-2", "4"), ("0-9223372036854775807", "3"), ("3-2", "3"), ("0-2", "9223372036854775807")])
    func lengths(range: String, length: String) async throws {
        let world = try await RegistryWorld()
        let begun = try await world.send(.post, "\(path)/blobs/uploads/")
        let refused = try await world.send(
            .patch, begun.location, headers: [.contentRange: range, .contentLength: length], bytes: "abc".utf8)
        #expect(refused.status == 400 && refused.code == "SIZE_INVALID", "\(refused)")
    }

    @Test("what came before a connection broke off is kept, and the upload goes on behind it, also after a restart")
    func brokenOff() async throws {
        let world = try await RegistryWorld()
        let begun = try await world.send(.post, "\(path)/blobs/uploads/")
        let broken = RequestBody(
            asyncSequence: AsyncThrowingStream<ByteBuffer, any Error> { stream in
                stream.yield(ByteBuffer(string: "half"))
                stream.finish(throwing: ChannelError.inputClosed)
            })
        #expect(try await world.send(.patch, begun.location, body: broken).status == 400)
        #expect(try await world.send(.get, begun.location).headers[.range] == "0-3")
        let id = try #require(UploadID(String(begun.location.split(separator: "/").last ?? "")))
        let repository = try #require(
            world.directory.state.repositories.all.first { $0.resource.project == "demo" })
        let purpose = UploadPurpose(
            repository: repository.uid, image: try #require(ImageName("report")), owner: "user:alice@example.com")
        let restarted = try ImageStore(directory: world.path)
        try await restarted.sweep(keeping: [repository.uid])
        #expect(try await restarted.received(id, purpose) == 4)
        let rest = AsyncThrowingStream<ByteBuffer, any Error> { stream in
            stream.yield(ByteBuffer(string: " way"))
            stream.finish()
        }
        _ = try await restarted.append(rest, to: id, purpose, at: 4)
        try await restarted.finish(id, purpose, as: Digest(of: Array("half way".utf8)))
    }

    @Test("an upload is of one person and for one image: to others there is none")
    func otherSessions() async throws {
        let world = try await RegistryWorld()
        try await world.directory.grant("roles/artifactregistry.writer", to: "user:bob@example.com")
        let begun = try await world.send(.post, "\(path)/blobs/uploads/")
        let id = begun.location.split(separator: "/").last ?? ""
        let digest = Digest(of: Array("mine".utf8))
        for (who, place) in [("bob", path), ("alice", "/v2/demo/images/other"), ("carol", "/v2/other/private/report")] {
            let upload = "\(place)/blobs/uploads/\(id)"
            #expect(try await world.send(.get, upload, as: who).code == "BLOB_UPLOAD_UNKNOWN")
            #expect(try await world.send(.patch, upload, as: who, bytes: "x".utf8).code == "BLOB_UPLOAD_UNKNOWN")
            #expect(
                try await world.send(.put, "\(upload)?digest=\(digest)", as: who, bytes: "x".utf8).code
                    == "BLOB_UPLOAD_UNKNOWN")
            #expect(try await world.send(.delete, upload, as: who).code == "BLOB_UPLOAD_UNKNOWN")
        }
        #expect(try await world.send(.delete, begun.location).status == 204)
        #expect(try await world.send(.get, begun.location).status == 404)
    }

    @Test("two requests do not write to one upload at a time")
    func busy() async throws {
        let world = try await RegistryWorld()
        let begun = try await world.send(.post, "\(path)/blobs/uploads/")
        let (slow, source) = RequestBody.makeStream()
        await source.yield(ByteBuffer(string: "slow"))
        let first = Task { try await world.send(.patch, begun.location, body: slow) }
        var second = try await world.send(.patch, begun.location)
        let end = ContinuousClock.now + .seconds(60)
        while second.status != 409, .now < end {
            try await Task.sleep(for: .milliseconds(5))
            second = try await world.send(.patch, begun.location)
        }
        #expect(second.status == 409)
        source.finish()
        #expect(try await first.value.headers[.range] == "0-3")
    }
}
