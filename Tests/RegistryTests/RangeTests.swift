import Foundation
import HTTPTypes
import OCI
import Testing

@testable import Registry

@Suite("Parts of blobs")
struct RangeTests {
    @Test(
        "are read by their range, as far as they are there",
        arguments: [
            ("bytes=0-0", 206, "0", "bytes 0-0/10"), ("bytes=2-4", 206, "234", "bytes 2-4/10"),
            ("bytes=7-", 206, "789", "bytes 7-9/10"), ("bytes=-2", 206, "89", "bytes 8-9/10"),
            ("bytes=8-99", 206, "89", "bytes 8-9/10"), ("bytes=-99", 206, "0123456789", "bytes 0-9/10"),
            ("bytes=8-9223372036854775807", 206, "89", "bytes 8-9/10"),
            ("bytes=10-", 416, "", "bytes */10"), ("bytes=-0", 416, "", "bytes */10"),
            ("bytes=4-2", 200, "0123456789", ""), ("bytes=0-1,3-4", 200, "0123456789", ""),
            ("bytes=x", 200, "0123456789", ""),
            ("items=0-1", 200, "0123456789", ""), ("bytes=-", 200, "0123456789", ""),
            ("bytes=99999999999999999999-", 200, "0123456789", ""),
        ])
    func ranges(range: String, status: Int, text: String, contentRange: String) async throws {
        let world = try await RegistryWorld()
        let blob = Data("0123456789".utf8)
        try await world.push(blob)
        let answer = try await world.send(
            .get, "/v2/demo/images/report/blobs/\(Digest(of: blob))", headers: [.range: range])
        #expect(answer.status == status && (answer.headers[.contentRange] ?? "") == contentRange, "\(answer)")
        if status != 416 { #expect(answer.text == text && answer.headers[.contentLength] == "\(text.utf8.count)") }
    }
}
