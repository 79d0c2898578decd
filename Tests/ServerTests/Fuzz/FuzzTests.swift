import Foundation
import Testing

/// Every method of every API, by its row and its descriptors alone: a new method is tried without being named here.
///
/// `LANDFALL_FUZZ_REQUESTS=100000` is the whole of it; `LANDFALL_FUZZ_SEED` repeats a run.
@Suite("Any request at all")
struct FuzzTests {
    @Test("is answered, and never by an error of the server's own", .timeLimit(.minutes(60)))
    func inMemory() async throws {
        print("fuzz: LANDFALL_FUZZ_SEED=\(FuzzSettings.seed) LANDFALL_FUZZ_REQUESTS=\(FuzzSettings.requests)")
        var tally = FuzzTally()
        for round in 0..<(FuzzSettings.requests + FuzzSettings.requestsOfRound - 1) / FuzzSettings.requestsOfRound {
            try await FuzzServer.with { server in
                try await run(round, on: server, &tally)
            }
        }
        print("fuzz: \(tally.description)")
        #expect(tally.unreached == [])
        #expect(tally.share >= 5, "too few requests get to a handler")
    }

    private func run(_ round: Int, on server: FuzzServer, _ tally: inout FuzzTally) async throws {
        var calls = FuzzCalls(
            schema: try FuzzSchema(), token: server.token, source: FuzzSource(seed: FuzzSettings.seed &+ UInt64(round)))
        tally.expect(server.targets)
        for call in try calls.beginning(server.targets) { _ = try await send(call, to: server, &calls, &tally) }
        for index in 0..<FuzzSettings.requestsOfRound {
            // A round may be shorter than the list of methods: each goes on where the one before ended.
            let number = round * FuzzSettings.requestsOfRound + index
            let call = try calls.call(number, among: server.targets)
            if let fault = try await send(call, to: server, &calls, &tally) {
                Issue.record("seed \(FuzzSettings.seed), round \(round), request \(index): \(fault)\n\(call.text)")
            }
        }
    }

    private func send(
        _ call: FuzzCall, to server: FuzzServer, _ calls: inout FuzzCalls, _ tally: inout FuzzTally
    ) async throws -> String? {
        if call.isGRPC {
            let error = try await server.grpc(call)
            tally.count(call, isGood: error == nil)
            if error == nil { try await server.repair() }
            return FuzzVerdict.fault(of: call, error)
        }
        let (status, body) = try await server.rest(call)
        tally.count(call, isGood: status < 300)
        if status < 300 {
            try await server.repair()
            if let json = try? JSONSerialization.jsonObject(with: Data(body)) {
                calls.words.learn(from: json, &calls.source)
            }
        }
        return FuzzVerdict.fault(of: call, status: status, body: body)
    }
}

/// Which methods were reached, and how often their answer was a good one.
struct FuzzTally: CustomStringConvertible {
    private var counts: [String: (all: Int, good: Int)] = [:]

    mutating func expect(_ targets: [FuzzTarget]) {
        for target in targets {
            for form in target.rules.isEmpty ? ["gRPC"] : ["gRPC", "REST"] {
                counts["\(form) \(target.name)", default: (0, 0)].all += 0
            }
        }
    }

    mutating func count(_ call: FuzzCall, isGood: Bool) {
        let name = "\(call.isGRPC ? "gRPC" : "REST") \(call.target.name)"
        counts[name, default: (0, 0)].all += 1
        if isGood { counts[name, default: (0, 0)].good += 1 }
    }

    /// The methods that no request was for.
    var unreached: [String] { counts.filter { $0.value.all == 0 }.map(\.key).sorted() }

    /// The requests that were carried out, in percent.
    var share: Int {
        100 * counts.values.reduce(0) { $0 + $1.good } / max(1, counts.values.reduce(0) { $0 + $1.all })
    }

    var description: String {
        let all = counts.values.reduce(0) { $0 + $1.all }
        let good = counts.values.reduce(0) { $0 + $1.good }
        let never = counts.filter { $0.value.good == 0 }.map(\.key).sorted()
        return "\(all) requests, \(good) of them carried out; never carried out: \(never.joined(separator: ", "))"
    }
}
