import Foundation
import Schema
import Testing
import Workload

@testable import Agent

@Suite("The link to the server", .timeLimit(.minutes(10)))
struct ServerLinkTests {
    typealias Items = [Landfall_Agent_V1_Item]

    /// Reads items until `count` have come.
    private func items(_ count: Int, from connection: FakeServer.Connection) async -> Items {
        var items: Items = []
        for await message in connection.received {
            items += message.batch.items
            if items.count >= count { break }
        }
        return items
    }

    private func welcome(_ applied: UInt64) -> Landfall_Agent_V1_ToAgent {
        .with { $0.welcome = .with { $0.applied = applied } }
    }

    @Test("says hello, sends what happens, and again exactly what was not applied when it was lost")
    func resend() async throws {
        try await withTemporaryDirectory { directory in
            let socket = directory + "/agent.sock"
            let agent = try Agent.forTests(FakeSandboxes { $0.exit() }, socketPath: socket)
            let run = Task { _ = await agent.run() }
            let server = FakeServer(socketPath: socket)
            let incarnation = try await server.run {
                var connections = server.connections.makeAsyncIterator()
                let first = try #require(await connections.next())
                let hello = await first.received.first { _ in true }?.hello
                #expect(hello?.node == "node-1")
                #expect(hello?.cpuMilli == 4000)
                #expect(hello?.memoryMib == 1000)
                #expect(hello?.attempts.isEmpty == true)
                first.send(welcome(0))
                first.send(try .lease("job", 0..<3, plan: .scripts("a")))
                let items = await items(6, from: first)
                #expect(items.map(\.sequence) == [1, 2, 3, 4, 5, 6])
                first.send(.with { $0.ack = .with { $0.applied = 2 } })
                first.close()

                let second = try #require(await connections.next())
                let again = await second.received.first { _ in true }?.hello
                #expect(again?.incarnation == hello?.incarnation)
                #expect(again?.plans == ["job"])
                second.send(welcome(4))
                #expect(await self.items(2, from: second).map(\.sequence) == [5, 6])
                return hello?.incarnation
            }
            #expect(incarnation?.isEmpty == false)

            // A server that starts later, at the same place.
            let next = FakeServer(socketPath: socket)
            try await next.run {
                var connections = next.connections.makeAsyncIterator()
                let third = try #require(await connections.next())
                _ = await third.received.first { _ in true }
                third.send(welcome(6))
                third.send(try .lease("job", 3..<4))
                #expect(await items(2, from: third).map(\.summary) == ["start 3", "end 3 0"])
                third.send(.with { $0.ack = .with { $0.applied = 8 } })
                third.send(.with { $0.leave = .init() })
                await run.value
            }
        }
    }

    @Test("takes the largest plan that a job of a megabyte can make")
    func largePlan() async throws {
        try await withTemporaryDirectory { directory in
            let socket = directory + "/agent.sock"
            let agent = try Agent.forTests(FakeSandboxes { $0.exit() }, socketPath: socket)
            let run = Task { _ = await agent.run() }
            let server = FakeServer(socketPath: socket)
            try await server.run {
                var connections = server.connections.makeAsyncIterator()
                let connection = try #require(await connections.next())
                _ = await connection.received.first { _ in true }
                connection.send(welcome(0))
                // As JSON, each takes six bytes.
                let script = String(repeating: "\u{1}", count: 1 << 20)
                connection.send(try .lease("job", 0..<1, plan: .scripts(script)))
                #expect(await items(2, from: connection).map(\.summary) == ["start 0", "end 0 0"])
                connection.send(.with { $0.ack = .with { $0.applied = 2 } })
                connection.send(.with { $0.leave = .init() })
                await run.value
            }
        }
    }

    /// Accepts one connection at a Unix socket and drops it, as a server does that dies just then.
    private func dropOneConnection(at path: String) async throws {
        let listener = try UnixListener(path: path)
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                listener.acceptAndDrop()
                done.resume()
            }
        }
    }

    @Test("waits for a server that is not there yet, or dies at once")
    func patience() async throws {
        try await withTemporaryDirectory { directory in
            let socket = directory + "/agent.sock"
            let agent = try Agent.forTests(FakeSandboxes { $0.exit() }, socketPath: socket)
            let run = Task { _ = await agent.run() }
            try await dropOneConnection(at: socket)
            let server = FakeServer(socketPath: socket)
            try await server.run {
                var connections = server.connections.makeAsyncIterator()
                let connection = try #require(await connections.next())
                connection.send(welcome(0))
                connection.send(.with { $0.leave = .init() })
                await run.value
            }
        }
    }

    @Test("dials again when a server, once connected, says nothing any more")
    func silence() async throws {
        try await withTemporaryDirectory { directory in
            let socket = directory + "/agent.sock"
            let agent = try Agent.forTests(
                FakeSandboxes { $0.exit() }, socketPath: socket, longestSilence: .seconds(2))
            let run = Task { _ = await agent.run() }
            let server = FakeServer(socketPath: socket)
            try await server.run {
                let play = Task {
                    var number = 0
                    for await connection in server.connections {
                        number += 1
                        // Never welcomed, then welcomed and left alone. On a slow machine the next one may be late, too.
                        if number > 1 { connection.send(welcome(0)) }
                        if number > 2 { connection.send(.with { $0.leave = .init() }) }
                    }
                }
                await run.value
                play.cancel()
            }
        }
    }

    @Test("leaves a connection behind that does not even end when it is given up")
    func stuckConnection() async throws {
        let stuck = Signal()
        await #expect(throws: Heartbeat.Silence.self) {
            try await Heartbeat().whileHeard(limit: .milliseconds(10)) {
                await withCheckedContinuation { never in
                    Task {
                        await stuck.wait()
                        never.resume()
                    }
                }
            }
        }
        stuck.raise()
    }

    @Test("dials no socket that another could have put there")
    func suspicion() async throws {
        try await withTemporaryDirectory { directory in
            let socket = directory + "/agent.sock"
            let own = SocketCheck(path: socket, owner: geteuid())
            #expect { try own.verify() } throws: { ($0 as? SocketCheck.Failure)?.isAbsent == true }
            try Data().write(to: URL(filePath: socket))
            #expect { try own.verify() } throws: { "\($0)".contains("must be a socket") }
            try FileManager.default.removeItem(atPath: socket)
            try await FakeServer(socketPath: socket).run {
                try own.verify()
                #expect(throws: SocketCheck.Failure.self) {
                    try SocketCheck(path: socket, owner: geteuid() + 1).verify()
                }
                chmod(directory, 0o770)
                #expect { try own.verify() } throws: { "\($0)".contains("nobody else can write") }
            }
        }
    }

    @Test("waits no longer for a server that does not come when it keeps nothing for one")
    func idleness() async throws {
        try await withTemporaryDirectory { directory in
            let agent = try Agent.forTests(
                FakeSandboxes { $0.exit() }, socketPath: directory + "/agent.sock", patience: .zero)
            let ending = await agent.run()
            #expect(ending == .left)
        }
    }

    @Test("waits for a server for as long as it keeps something for it")
    func loyalty() async throws {
        try await withTemporaryDirectory { directory in
            let socket = directory + "/agent.sock"
            let agent = try Agent.forTests(FakeSandboxes { $0.exit() }, socketPath: socket, patience: .zero)
            try await agent.lease("job", 0..<1, plan: .scripts("a"))
            let run = Task { await agent.run() }
            let server = FakeServer(socketPath: socket)
            try await server.run {
                var connections = server.connections.makeAsyncIterator()
                let connection = try #require(await connections.next())
                _ = await connection.received.first { _ in true }
                connection.send(welcome(0))
                let sequences = await items(2, from: connection).map(\.sequence)
                #expect(sequences == [1, 2])
                connection.send(.with { $0.ack = .with { $0.applied = 2 } })
                while !agent.outbox.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            }
            let ending = await run.value
            #expect(ending == .left)
        }
    }
}
