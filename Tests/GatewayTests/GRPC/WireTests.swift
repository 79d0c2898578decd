import HTTPTypes
import Methods
import NIOCore
import Testing

@testable import Gateway

@Suite("gRPC on the wire")
struct WireTests {
    private func frame(_ flag: UInt8, _ length: UInt32, _ bytes: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(flag)
        buffer.writeInteger(length)
        buffer.writeBytes(bytes)
        return buffer
    }

    @Test("Messages are the same however the bytes are cut")
    func cuts() throws {
        var wire = frame(0, 3, [1, 2, 3])
        wire.writeImmutableBuffer(frame(0, 0, []))
        wire.writeImmutableBuffer(frame(0, 2, [4, 5]))
        for size in 1...wire.readableBytes {
            var decoder = MessageDecoder(limit: 3)
            var messages: [[UInt8]] = []
            var rest = wire
            while rest.readableBytes > 0, let piece = rest.readSlice(length: min(size, rest.readableBytes)) {
                decoder.append(piece)
                while let message = try decoder.next() { messages.append(Array(message.readableBytesView)) }
            }
            try decoder.finish()
            #expect(messages == [[1, 2, 3], [], [4, 5]])
        }
    }

    @Test("A length over the limit, a compressed flag and a cut message are errors")
    func badFrames() {
        func code(_ buffer: ByteBuffer) -> ServiceError.Code? {
            var decoder = MessageDecoder(limit: 10)
            decoder.append(buffer)
            do {
                while try decoder.next() != nil {}
                try decoder.finish()
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code(frame(0, 11, [])) == .resourceExhausted)
        #expect(code(frame(0, .max, [])) == .resourceExhausted)
        #expect(code(frame(1, 1, [0])) == .unimplemented)
        #expect(code(frame(0, 2, [0])) == .invalidArgument)
        #expect(code(ByteBuffer(bytes: [0, 0])) == .invalidArgument)
        #expect(code(frame(0, 1, [0])) == nil)
    }

    @Test(
        "Timeouts",
        arguments: [
            ("1H", .seconds(3_600)), ("2M", .seconds(120)), ("3S", .seconds(3)), ("4m", .milliseconds(4)),
            ("5u", .microseconds(5)), ("6n", .nanoseconds(6)), ("99999999H", .seconds(99_999_999 * 3_600)),
            ("", nil), ("S", nil), ("1", nil), ("-1S", nil), ("123456789S", nil), ("1.5S", nil), ("1s", nil),
        ] as [(String, Duration?)])
    func timeouts(text: String, expected: Duration?) {
        #expect(CallHead.duration(text) == expected)
    }

    @Test("A status text is percent-encoded and bounded")
    func message() {
        #expect(StatusTrailers.percentEncoded("50% of ü\n") == "50%25 of %C3%BC%0A")
        let long = StatusTrailers.percentEncoded(String(repeating: "ü", count: 10_000))
        #expect(long.utf8.count <= 2_048)
        #expect(long.hasSuffix("%BC"))
    }

    @Test("Details that no client would accept are left out, the code and the text are not")
    func hugeDetails() {
        let info = ServiceError.invalidArgument(String(repeating: "x", count: 10_000), field: "a")
        let fields = StatusTrailers.fields(info)
        #expect(fields[.grpcStatus] == "3")
        #expect(fields[.grpcMessage] != nil)
        #expect(fields[.grpcStatusDetails] == nil)
    }

    @Test(
        "Content types",
        arguments: [
            ("application/grpc", true), ("application/grpc+proto", true), ("Application/gRPC; charset=x", true),
            ("application/grpc-web", false), ("application/grpc+json", false), ("application/json", false),
        ])
    func contentType(type: String, isGRPC: Bool) {
        #expect(GRPCResponder.accepts(type) == isGRPC)
    }
}
