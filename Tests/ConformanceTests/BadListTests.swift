import Foundation
import TestSupport
import Testing

@Suite("A list that cannot be", .needsRoot)
struct BadListTests {
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    @Test("is refused by the name of the parameter")
    func parameters() async throws {
        let cases: [(query: String, reason: String)] = [
            ("pageSize=-1", "'page_size': must not be negative"),
            ("pageSize=2147483648", "'page_size' (TYPE_INT32)"),
            ("pageSize=ten", "'page_size' (TYPE_INT32)"),
            ("pageToken=abc", "'page_token': it was not given out by a list with these parameters"),
            ("pageToken=\(String(repeating: "a", count: 20_000))", "'page_token'"),
            ("orderBy=priority", "'order_by': must be"),
            ("filter=" + Self.encoded("bogus=1"), "there is no field 'bogus'"),
            ("filter=" + Self.encoded("name=\"a"), "a quoted string does not end"),
            ("filter=" + Self.encoded("priority=\"x\""), "is not a whole number"),
            ("filter=" + Self.encoded(String(repeating: "(", count: 2_000)), "nested more than 50 deep"),
            (
                "filter=" + Self.encoded(String(repeating: "NOT ", count: 4_000) + "name=a"),
                "'=' is expected after 'NOT'"
            ),
            ("filter=" + Self.encoded(String(repeating: "name=a ", count: 3_000)), "at most 20000 bytes"),
            ("fields=bogus", "Cannot find matching fields for path 'bogus'"),
            ("fields=jobs(", "Invalid field selection"),
            ("fields=" + Array(repeating: "jobs", count: 40).joined(separator: "/"), "Invalid field selection"),
            ("alt=xml", "alt=xml is not supported"),
            ("$alt=json%3Benum-encoding%3Droman", "is not supported"),
            ("prettyPrint=maybe", "prettyPrint"),
            ("callback=x", "callback"),
            ("filter=%zz", "not percent-encoded UTF-8"),
            ("filter=%FF", "not percent-encoded UTF-8"),
            (Array(repeating: "pageSize=1", count: 1_500).joined(separator: "&"), "more than 1000 parameters"),
        ]
        try await Stranger.with { stranger in
            for (query, reason) in cases {
                let answer = try await stranger.get("\(Stranger.jobs)?\(query)")
                #expect(answer.status == 400, "\(query.prefix(80)): \(answer.header)")
                #expect(answer.message.contains(reason), "\(query.prefix(80)): \(answer.message)")
            }
            #expect(try await stranger.get("\(Stranger.jobs)?pageSize=2147483647").status == 200)
        }
    }

    @Test("is refused when its page token belongs to another one")
    func stale() async throws {
        try await LandfallServer.with { server in
            let stranger = try Stranger(server: server, token: try await server.token())
            for id in ["a", "b"] {
                #expect(try await stranger.post("\(Stranger.jobs)?jobId=\(id)", Stranger.good).status == 200)
            }
            let page = try await stranger.get("\(Stranger.jobs)?pageSize=1&orderBy=name")
            let token = try #require(page.body.firstMatch(of: /"nextPageToken": "([^"]+)"/)?.output.1)
            let next = try await stranger.get("\(Stranger.jobs)?pageSize=1&orderBy=name&pageToken=\(token)")
            #expect(next.status == 200 && next.body.contains("jobs/b\""))
            for query in ["orderBy=create_time", "orderBy=name&filter=name%3Da"] {
                let stale = try await stranger.get("\(Stranger.jobs)?\(query)&pageToken=\(token)")
                #expect(stale.status == 400 && stale.message.contains("not given out by a list with these parameters"))
            }
        }
    }

    @Test("of log entries is refused with the place in its filter, or answered in bounded time")
    func logFilters() async throws {
        try await Stranger.with { stranger in
            let text = String(repeating: "a", count: 5_000) + "!"
            let written = try await stranger.post(
                "/v2/entries:write",
                #"{"logName":"projects/demo/logs/t","resource":{"type":"global"},"entries":[{"textPayload":"\#(text)"}]}"#,
                host: "logging.googleapis.com")
            #expect(written.status == 200)
            for (filter, reason) in [
                ("bogus.x=1", "unknown field 'bogus.x'"), ("textPayload=\"a", "missing closing quote"),
                ("severity>=BOGUS", "'BOGUS' is no severity"), ("timestamp>=\"2020-99-99\"", "compared with a time"),
                ("textPayload=~\"(\"", "missing ')'"), ("textPayload=~\"a{1000000}\"", "bad repetition"),
                ("textPayload=~\"((((a{100}){100}){100}){100})\"", "it is too large"),
                ("textPayload=~\"(?=a)\"", "look-ahead is not supported"),
                (String(repeating: "(", count: 5_000) + "a", "nested too deeply"),
                (String(repeating: "NOT ", count: 4_000) + "a", "nested too deeply"),
                (String(repeating: "a", count: 3_000_000), "longer than 20000 characters"),
            ] {
                let answer = try await entries(stranger, filter)
                #expect(answer.status == 400, "\(filter.prefix(80))")
                #expect(answer.message.contains(reason), "\(filter.prefix(80)): \(answer.message.prefix(300))")
            }
            // Each would take ages with a matcher that tries every way.
            for pattern in ["(a+)+$", "(a|a)*b", "(.*a){12}x", String(repeating: "a?", count: 100) + "b"] {
                let answer = try await entries(stranger, "textPayload=~\"\(pattern)\"")
                #expect(answer.status == 200, "\(pattern): \(answer.message)")
            }
        }
    }

    @Test("of log entries is not spoilt by an entry that nobody could read")
    func entries() async throws {
        try await Stranger.with { stranger in
            let deep = String(repeating: #"{"a":"#, count: 60) + "1" + String(repeating: "}", count: 60)
            for (entry, reason) in [
                (#"{"jsonPayload":\#(deep)}"#, "entries[0].json_payload nests more than 30"),
                (#"{"jsonPayload":{"a":1e400}}"#, "The number is out of range: 1e400"),
                (#"{"protoPayload":{"@type":"type.googleapis.com/foo"}}"#, "Unknown type: type.googleapis.com/foo"),
                (#"{"textPayload":"\#(String(repeating: "x", count: 300_000))"}"#, "at most 262144 are allowed"),
                (#"{"textPayload":"x","timestamp":"9999-12-31T23:59:59Z"}"#, "entries[0].timestamp is more than"),
                (#"{"textPayload":"x","jsonPayload":{}}"#, "oneof field 'payload' is already set"),
            ] {
                let answer = try await stranger.post(
                    "/v2/entries:write",
                    #"{"logName":"projects/demo/logs/t","resource":{"type":"global"},"entries":[\#(entry)]}"#,
                    host: "logging.googleapis.com")
                #expect(answer.status == 400, "\(entry.prefix(80))")
                #expect(answer.message.contains(reason), "\(answer.message)")
            }
            #expect(try await entries(stranger, "").body == "{}\n")
        }
    }

    private func entries(_ stranger: Stranger, _ filter: String) async throws -> RawHTTP.Answer {
        let body = try JSONSerialization.data(
            withJSONObject: ["resourceNames": ["projects/demo"], "filter": filter])
        return try await stranger.send("POST", "/v2/entries:list", host: "logging.googleapis.com", body: body)
    }
}
