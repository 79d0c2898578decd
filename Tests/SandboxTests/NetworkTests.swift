import Foundation
import Sandbox
import TestSupport
import Testing

@Suite("A sandbox's network", .serialized, .enabled(if: isCapable, needsRoot))
struct NetworkTests {
    private static let probe = """
        import socket, sys
        for target in sys.argv[1:]:
            host, port = target.split(":")
            s = socket.socket(); s.settimeout(1)
            try: s.connect((host, int(port))); print("open")
            except ConnectionRefusedError: print("refused")
            except OSError: print("unreachable")
        """

    /// Says of each target what came of connecting to it.
    private func connect(_ sandbox: any TaskSandbox, _ targets: [String]) async throws -> [String] {
        try await sandbox.run("python3 -c '\(Self.probe)' " + targets.joined(separator: " ")).lines
    }

    @Test("has its own loopback; the host's addresses and other sandboxes are out of reach")
    func isolation() async throws {
        let listener = try HostListener()
        defer { listener.close() }
        let host = try await HostListener.addresses().first ?? ""
        #expect(listener.answers(at: host))
        try await withSandboxes { sandboxes in
            let one = try await sandboxes.open(.small())
            let two = try await sandboxes.open(.small())
            let server = try await two.start(
                ProcessSpec(
                    program: .script(
                        text:
                            "exec python3 -uc 'import socket,time; s=socket.create_server((\"0.0.0.0\",80)); print(\"up\"); time.sleep(100)'"
                    ), environment: ["PATH": "/usr/bin"]))
            let route =
                "python3 -c 'import socket,fcntl,struct; s=socket.socket(2,2); print(socket.inet_ntoa(fcntl.ioctl(s,0x8915,struct.pack(\"256s\",b\"eth0\"))[20:24]))'"
            let address = try await two.run(route).lines.first ?? ""
            while try await !connect(two, ["127.0.0.1:80"]).contains("open") { await Task.yield() }
            #expect(address.hasPrefix("100."))
            let gateway = address.split(separator: ".").dropLast().joined(separator: ".")
            let last = (Int(address.split(separator: ".").last ?? "") ?? 1) - 1
            let hosts = ["127.0.0.1", host, "\(gateway).\(last)"].map { "\($0):\(listener.port)" }
            let found = try await connect(one, hosts + ["\(address):80"])
            #expect(found == ["refused", "unreachable", "unreachable", "unreachable"])
            await server.signal(9)
            _ = try await text(of: server.output)
        }
    }

    @Test("reaches a machine beyond the host, which sees the host's address")
    func outwards() async throws {
        let machine = OtherMachine()
        do {
            try await machine.start()
            let program =
                "import socket; s=socket.create_server((\"0.0.0.0\",80)); c,a=s.accept(); c.send(a[0].encode())"
            async let served = machine.run(["python3", "-c", program])
            let client =
                "import socket,time\nfor i in range(50):\n  try: print(socket.create_connection((\"\(machine.address)\",80),2).recv(50).decode()); break\n  except ConnectionRefusedError: time.sleep(0.1)"
            let outcome = try await withSandboxes { try await $0.once("python3 -c '\(client)'") }
            #expect(outcome.output == "\(machine.hostAddress)\n", "\(outcome.errors)")
            #expect(try await served.status == 0)
        } catch {
            await machine.remove()
            throw error
        }
        await machine.remove()
    }

    @Test("has a listener for its task alone, where the agent opens one")
    func listener() async throws {
        try await withSandboxes { sandboxes in
            let one = try await sandboxes.open(.small())
            let two = try await sandboxes.open(.small())
            _ = try await one.listen(at: [80])
            #expect(try await connect(one, ["169.254.169.254:80"]) == ["open"])
            #expect(try await connect(two, ["169.254.169.254:80"]) == ["refused"])
        }
    }

    @Test("keeps nothing of the connections of the sandbox before")
    func lingering() async throws {
        // The side that closes first keeps the port, for a minute.
        let program = """
            import socket
            s = socket.socket(); s.bind(("127.0.0.1", 7778)); s.listen()
            c = socket.create_connection(("127.0.0.1", 7778)); a, _ = s.accept()
            a.close(); c.recv(1); c.close(); print("closed")
            """
        try await withSandboxes { sandboxes in
            for _ in 0..<3 {
                let outcome = try await sandboxes.once("python3 -c '\(program)'")
                #expect(outcome.output == "closed\n", "\(outcome.errors)")
            }
        }
    }
}

/// A machine beyond the host: a network namespace at the other end of a cable.
private struct OtherMachine {
    private let name = "lo\(UInt16.random(in: 0...UInt16.max))"
    private let number = UInt8.random(in: 0...255)

    var hostAddress: String { "198.18.\(number).1" }
    var address: String { "198.18.\(number).2" }

    func start() async throws {
        try await Program.shell(
            """
            ip netns add \(name); ip link add \(name) type veth peer name out netns \(name)
            ip addr add \(hostAddress)/30 dev \(name); ip link set \(name) up
            ip -n \(name) addr add \(address)/30 dev out; ip -n \(name) link set out up
            """)
    }

    func run(_ words: [String]) async throws -> Program.Result {
        try await Program.run(["ip", "netns", "exec", name] + words, timeout: .seconds(30))
    }

    func remove() async {
        _ = try? await Program.shell("ip netns del \(name); ip link del \(name)")
    }
}
