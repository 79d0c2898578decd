import Foundation
import TestSupport

/// Processes of this machine, by the words of their command lines.
enum HostProcesses {
    /// The ids of processes whose words, joined by spaces, contain `text`.
    static func ids(with text: String) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { commandLine(of: $0).contains(text) }
    }

    /// When a process began, in ticks since the machine did; nil once it is gone.
    static func startTime(of id: Int32) -> UInt64? {
        guard let line = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
            let name = line.lastIndex(of: ")")
        else { return nil }
        // The fields after the name begin with the third one; this is the 22nd.
        return line[name...].split(separator: " ").dropFirst(20).first.flatMap { UInt64($0) }
    }

    private static func commandLine(of id: Int32) -> String {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return "" }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}

extension LandfallServer {
    /// The parts of the agent that runs for this server.
    enum AgentPart {
        case supervisor, worker, launcher
    }

    /// The ids of an agent's processes of one kind.
    func agent(_ part: AgentPart) -> [Int32] {
        let directory = data
        switch part {
        case .supervisor: return HostProcesses.ids(with: "agent --data \(directory) ")
        case .worker: return HostProcesses.ids(with: "agent --worker --data \(directory) ")
        case .launcher: return HostProcesses.ids(with: "landfall-launcher --directory \(directory)/")
        }
    }

    /// Kills one part of the agent as a crash would.
    func killAgent(_ part: AgentPart) throws {
        // The launcher's children, the first processes of tasks, have its name; it is the oldest.
        let ages = agent(part).compactMap { id in HostProcesses.startTime(of: id).map { (time: $0, id: id) } }
        guard let id = ages.min(by: { $0.time < $1.time })?.id else { throw TestFailure("there is no \(part)") }
        kill(id, SIGKILL)
    }
}

extension LandfallServer {
    /// A command that sleeps for a day, with a word that no other test's has.
    func sleep(_ number: Int) -> String {
        let digits = UInt32(directory.suffix(8), radix: 16) ?? 0
        return "sleep 86400.\(digits)\(number)"
    }

    /// The number of the agent's seat: what its cgroups, its network and its ids are named after.
    func seat() throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: data + "/agent/sandboxes")
        guard let seat = names.first?.split(separator: "-").last else { throw TestFailure("no seat: \(names)") }
        return String(seat)
    }

    /// What there is on the machine of a seat, each with a number that nobody else's has: another agent may take the
    /// seat as soon as it is free.
    func belongings(of seat: String) async throws -> Set<String> {
        let script = """
            stat -c '%n %i %w' /sys/fs/cgroup/*/landfall-\(seat) /sys/fs/cgroup/landfall-\(seat) \
                /run/landfall/seat-\(seat) 2>/dev/null
            nft -a list table inet landfall_\(seat) 2>/dev/null | head -1
            grep -H . /sys/class/net/lf\(seat)-*/ifindex 2>/dev/null
            """
        let lines = try await Program.run(["sh", "-c", script]).output
        return Set(lines.split(separator: "\n").map(String.init))
    }
}
