import HTTPTypes
import NIOCore

@testable import Gateway
@testable import OAuth

extension FuzzedParser {
    /// The first bytes of a connection: more of them never change what was told by fewer.
    static let firstBytes = FuzzedParser("first-bytes") { input in
        var told: WireProtocol?
        for length in 0...min(input.count, 64) {
            let now = WireProtocol(firstBytes: input.prefix(length))
            try expect(told == nil || now == told, "\(length) bytes change what was told before")
            told = now
        }
        try expect(told != nil || input.count < 16, "\(input.count) bytes tell nothing")
    }

    /// gRPC's frames: wherever the stream is cut, the same messages come out and the same fault.
    static let framing = FuzzedParser("framing") { input in
        guard input.count <= 512 else { return }
        let whole = messages(of: [input[...]])
        try expect(whole.messages.reduce(0) { $0 + 5 + $1.count } <= input.count, "messages out of nothing")
        for cut in input.indices {
            let parts = messages(of: [input[..<cut], input[cut...]])
            try expect(parts == whole, "cut at \(cut), other messages come out")
        }
        try expect(messages(of: input.indices.map { input[$0...$0] }) == whole, "byte by byte, other messages come out")
    }

    private struct Framed: Equatable {
        var messages: [[UInt8]] = []
        var fault: String?
    }

    private static func messages(of parts: [ArraySlice<UInt8>]) -> Framed {
        var framed = Framed()
        var decoder = MessageDecoder(limit: 100)
        do {
            for part in parts {
                decoder.append(ByteBuffer(bytes: part))
                while let message = try decoder.next() { framed.messages.append(Array(message.readableBytesView)) }
            }
            try decoder.finish()
        } catch {
            framed.fault = "\(error)"
        }
        return framed
    }

    /// Targets of requests through the proxy, and hosts: what a host was read as reads as itself.
    static let requestTarget = FuzzedParser("request-target") { input in
        let text = input.text
        if let target = try? AbsoluteTarget(text) {
            try expect(target.path.hasPrefix("/"), "the path is \(target.path)")
            try expect((1...65_535).contains(target.port), "the port is \(target.port)")
        }
        guard let read = HostAndPort(text) else { return }
        try expect(!read.host.contains { $0 == "/" || $0 == "@" || $0.isWhitespace }, "the host is \(read.host)")
        let written = "[\(read.host)]" + (read.port.map { ":\($0)" } ?? "")
        guard !read.host.hasSuffix(".") else { return }
        try expect(HostAndPort(written) == read, "\(text) was read as \(written)")
    }

    /// Headers of gRPC calls: how long the client waits.
    static let callHead = FuzzedParser("grpc-timeout") { input in
        guard let duration = CallHead.duration(input.text) else { return }
        try expect(duration >= .zero && duration <= .seconds(99_999_999 * 3_600), "it is \(duration)")
    }

    /// Queries of requests.
    static let query = FuzzedParser("query") { input in
        let query = try QueryString(input.text)
        try expect(query.parameters.count <= 1001, "\(query.parameters.count) parameters")
        if let fields = query.style.fields, let index = schema?.index(of: "google.cloud.batch.v1.ListJobsResponse"),
            let schema
        {
            _ = try FieldSelection(fields, of: schema[index], schema: schema)
        }
    }

    static let schema = try? SchemaIndex()

    /// Bodies of type `application/x-www-form-urlencoded`.
    static let form = FuzzedParser("form") { input in
        _ = Form(.init(input))
    }
}
