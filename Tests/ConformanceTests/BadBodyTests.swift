import Foundation
import Testing

@Suite("A body that is no request", .needsRoot)
struct BadBodyTests {
    @Test("is refused with the reason, and nothing is created")
    func bodies() async throws {
        let deep = 10_000
        let cases: [(body: [UInt8], reason: String)] = [
            (Array("hello".utf8), "Unexpected token."),
            (Array("[]".utf8), "Invalid value at 'job'"),
            (Array("null".utf8), "'job': is required"),
            ([], "'job': is required"),
            (Array((Stranger.good + "x").utf8), "Parsing terminated before end of input."),
            (Array(#"{"priority":NaN}"#.utf8), "Unexpected token."),
            (Array(#"{"labels":{},"labels":{}}"#.utf8), #"Duplicate name "labels" at 'job'"#),
            (Array(#"{"taskGroups":[],"task_groups":[]}"#.utf8), #"Duplicate name "task_groups" at 'job'"#),
            (Array(#"{"labels":{"a":"\ud800"}}"#.utf8), "Invalid escape sequence."),
            (Array("{\"labels\":{\"a\":\"\u{0}\"}}".utf8), "Control character in string."),
            (Array(#"{"labels":{"a":""#.utf8) + [0xFF] + Array(#""}}"#.utf8), "non UTF-8 code points"),
            (Array(repeating: UInt8(ascii: "["), count: deep), "Message too deep."),
            (Array(String(repeating: #"{"x":"#, count: deep).utf8), "Message too deep."),
            (Array(repeating: UInt8(ascii: "x"), count: 10_000_000), "exceeds the limit: 4194304 bytes."),
            (
                Array((#"{"x":""# + String(repeating: "x", count: 10_000_000) + #""}"#).utf8),
                "exceeds the limit: 4194304 bytes."
            ),
        ]
        try await Stranger.with { stranger in
            for (body, reason) in cases {
                let answer = try await stranger.send("POST", Stranger.jobs, body: Data(body))
                let name = String(decoding: body.prefix(40), as: UTF8.self)
                #expect(answer.status == 400, "\(name): \(answer.header)")
                #expect(answer.message.contains(reason), "\(name): \(answer.message)")
            }
        }
    }

    @Test("is refused when it lies about its length")
    func lengths() async throws {
        try await Stranger.with { stranger in
            let head = "POST \(Stranger.jobs) HTTP/1.1\r\nHost: batch.googleapis.com\r\n"
            let cases = [
                ("Content-Length: 500\r\n\r\n{", "The body of the request is broken"),
                ("Transfer-Encoding: chunked\r\n\r\n10\r\n{", "The body of the request is broken"),
                ("Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "The body of the request is broken"),
                ("Content-Length: 1000000000000000000\r\n\r\n{", "exceeds the limit: 4194304 bytes."),
                ("Content-Length: 99999999999999999999\r\n\r\n{", "no valid Content-Length"),
                ("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "no valid Content-Length"),
                ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "not valid HTTP/1.1"),
            ]
            for (rest, reason) in cases {
                let request = head + "Authorization: Bearer \(stranger.token)\r\n" + rest
                let answer = try await stranger.http.exchange(Data(request.utf8), end: true)
                #expect(answer.status == 400, "\(rest): \(answer.header)")
                #expect(answer.message.contains(reason), "\(rest): \(answer.message)")
            }
        }
    }

    @Test("holds nobody up while it comes slowly")
    func slow() async throws {
        try await Stranger.with { stranger in
            let head = "POST \(Stranger.jobs) HTTP/1.1\r\nHost: batch.googleapis.com\r\nContent-Length: 20\r\n\r\n{"
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Each connection stays open, without an answer, until its patience ends.
                for _ in 0..<20 {
                    group.addTask {
                        let answer = try await stranger.http.exchange(Data(head.utf8), patience: 2)
                        #expect(answer.status == 0)
                    }
                }
                for _ in 0..<5 { #expect(try await stranger.get(Stranger.jobs).status == 200) }
                try await group.waitForAll()
            }
        }
    }
}
