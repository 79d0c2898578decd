import Foundation
import Testing

@Suite("What tasks print", .needsRoot, .serialized)
struct TaskLogTests {
    @Test("long lines are split, JSON is structured, and nothing that is printed does harm")
    func lines() async throws {
        try await LandfallServer.with { server in
            let script = """
                head -c 600000 /dev/zero | tr '\\0' x; echo
                echo '{"message":"hello","severity":"WARNING"}'
                echo '{"number":7}'
                echo '{"number":8,"time":"9999-12-31T23:59:59Z"}'
                echo wrong >&2
                printf 'a\\000b\\377\\376c\\n'; head -c 20000 /dev/urandom; echo
                printf '\\n\\r\\033[2J{"broken":\\n'
                echo end
                printf 'no newline'
                """
            try await server.submit("odd", TestJob(script))
            #expect(try await server.ended("odd").state == "SUCCEEDED")
            let entries = try await server.entries("odd")
            let pieces = entries.filter { $0.split != nil }.compactMap(\.textPayload)
            #expect(pieces.map(\.utf8.count) == [262_144, 262_144, 75_712])
            #expect(entries.compactMap(\.split?.totalSplits) == [3])
            #expect(entries.first { $0.textPayload == "hello" }?.severity == "WARNING")
            #expect(entries.compactMap(\.jsonPayload?.number) == [7, 8])
            #expect(entries.first { $0.textPayload == "wrong" }?.severity == "ERROR")
            #expect(entries.contains { $0.textPayload == "a\0b\u{FFFD}\u{FFFD}c" })
            #expect(entries.contains { $0.textPayload?.hasSuffix("{\"broken\":") == true })
            // Each of the two streams is in order.
            #expect(entries.last { $0.severity == "INFO" }?.textPayload == "no newline")
            #expect(Set(entries.map(\.insertId)).count == entries.count)
        }
    }

    @Test("a task that prints a gigabyte is slowed down, its log ends with a word, and nobody's memory grows")
    func gigabyte() async throws {
        try await LandfallServer.with { server in
            try await server.submit("other", TestJob("until test -e /tmp/never; do echo tick; sleep 0.2; done"))
            try await server.printed("other", lines: 1)
            let ids = [try server.info().processID] + server.agent(.worker)
            let before = ids.map(Self.residentMiB)
            let script = "tr '\\0' x < /dev/zero | fold -w 4095 | head -c 1G; echo over"
            try await server.submit("flood", TestJob(script))
            var peaks = before
            let status: Status = try await eventually("the flood ends") {
                peaks = zip(peaks, ids.map(Self.residentMiB)).map(max)
                let status = try await server.status("flood")
                return status.isFinal ? status : nil
            }
            #expect(status.state == "SUCCEEDED")
            for (before, peak) in zip(before, peaks) { #expect(peak - before < 256, "\(peaks) MiB") }
            // Another task's lines are kept meanwhile and afterwards.
            try await server.printed("other", lines: 3)
            #expect(try await Self.warning(of: "flood", on: server).contains("has reached its limit"))
        }
    }

    /// What the log of a job says with a severity of WARNING. A page of a long log may be empty and have a next one.
    private static func warning(of job: String, on server: LandfallServer) async throws -> String {
        struct Page: Decodable {
            var entries: [LandfallServer.Entry]?
            var nextPageToken: String?
        }
        var token = ""
        repeat {
            let body = """
                {"resourceNames":["projects/demo"],"pageToken":"\(token)",
                "filter":"resource.labels.job_id=\(job) AND severity=WARNING"}
                """
            let page = try await server.call("POST", "logging.googleapis.com", "/v2/entries:list", body: body)
                .decoded(Page.self)
            if let text = page.entries?.first?.textPayload { return text }
            token = page.nextPageToken ?? ""
        } while !token.isEmpty
        return ""
    }

    private static func residentMiB(_ id: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first).flatMap { Int($0) }.map { $0 / 1024 }
            ?? 0
    }
}
