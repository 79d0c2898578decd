import Foundation
import Glibc
import Sandbox
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

    /// A listener of the host's on every address, on a free port.
    private func withHostListener<Value>(_ body: (Int) async throws -> Value) async throws -> Value {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [
            "-uc",
            "import socket,sys; s=socket.create_server(('0.0.0.0',0)); print(s.getsockname()[1]); sys.stdin.read()",
        ]
        let output = Foundation.Pipe()
        let input = Foundation.Pipe()
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        return try await body(try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines))))
    }

    @Test("has its own loopback; the host's addresses and other sandboxes are out of reach")
    func isolation() async throws {
        try await withHostListener { port in
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
                let hostAddress = try host("hostname -I").split(separator: " ").first ?? ""
                let gateway = address.split(separator: ".").dropLast().joined(separator: ".")
                let last = (Int(address.split(separator: ".").last ?? "") ?? 1) - 1
                let found = try await connect(
                    one,
                    ["127.0.0.1:\(port)", "\(hostAddress):\(port)", "\(gateway).\(last):\(port)", "\(address):80"])
                #expect(found == ["refused", "unreachable", "unreachable", "unreachable"])
                await server.signal(9)
                _ = try await text(of: server.output)
            }
        }
    }

    @Test("reaches a machine beyond the host, which sees the host's address")
    func outwards() async throws {
        let id = UInt8.random(in: 0...255)
        let name = "lo\(ProcessInfo.processInfo.processIdentifier)"
        try host("ip netns add \(name); ip link add \(name) type veth peer name out netns \(name)")
        try host("ip addr add 198.18.\(id).1/30 dev \(name); ip link set \(name) up")
        try host("ip -n \(name) addr add 198.18.\(id).2/30 dev out; ip -n \(name) link set out up")
        defer { _ = try? host("ip netns del \(name); ip link del \(name)") }
        let program = "import socket; s=socket.create_server((\"0.0.0.0\",80)); c,a=s.accept(); c.send(a[0].encode())"
        let server = Process()
        server.executableURL = URL(filePath: "/bin/sh")
        server.arguments = ["-c", "exec ip netns exec \(name) python3 -c '\(program)'"]
        try server.run()
        defer {
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        let client =
            "import socket,time\nfor i in range(50):\n  try: print(socket.create_connection((\"198.18.\(id).2\",80),2).recv(50).decode()); break\n  except ConnectionRefusedError: time.sleep(0.1)"
        let outcome = try await withSandboxes { try await $0.once("python3 -c '\(client)'") }
        #expect(outcome.output == "198.18.\(id).1\n", "\(outcome.errors)")
    }

    @Test("has a listener for its task alone, where the agent opens one")
    func listener() async throws {
        try await withSandboxes { sandboxes in
            let one = try #require(try await sandboxes.open(.small()) as? HostSandbox)
            let two = try await sandboxes.open(.small())
            let listener = try await one.listen(address: 0xa9fe_a9fe, port: 80)
            #expect(try await connect(one, ["169.254.169.254:80"]) == ["open"])
            #expect(try await connect(two, ["169.254.169.254:80"]) == ["refused"])
            try listener.close()
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
