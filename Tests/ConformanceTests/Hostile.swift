import Foundation
import TestSupport

/// Whom the processes of a task run as.
enum TaskOwner: String, CaseIterable, Sendable, CustomStringConvertible {
    /// Root of the task's own sandbox.
    case root
    /// Alice's OS Login account.
    case account

    var description: String { rawValue }

    /// What the task group says.
    var group: [String] { self == .root ? [] : [#""runAsNonRoot":true"#] }
}

extension TestJob {
    /// A step that runs one of the programs in `attacks/`, beside this file.
    static func attack(_ name: String, environment: [String: String] = [:]) throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("attacks")
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        let variables = String(decoding: try JSONEncoder().encode(environment), as: UTF8.self)
        return script(text, #""environment":{"variables":\#(variables)}"#)
    }

    /// What a task takes, as a member of the `taskSpec`.
    static func resources(cpuMilli: Int = 1000, memoryMiB: Int) -> String {
        "\"computeResource\":{\"cpuMilli\":\"\(cpuMilli)\",\"memoryMib\":\"\(memoryMiB)\"}"
    }
}

extension LandfallServer {
    /// Waits until no more is left of tasks where tasks have their files. A tidy task's place waits a moment for the
    /// next task of its job.
    func waitForLeftovers(_ count: Int = 0) async throws {
        let sandboxes = data + "/agent/sandboxes"
        _ = try await eventually("\(count) sandboxes are left") {
            let left = try FileManager.default.contentsOfDirectory(atPath: sandboxes)
                .flatMap { try FileManager.default.contentsOfDirectory(atPath: "\(sandboxes)/\($0)/scratch") }
            return left.count == count ? left : nil
        }
    }
}
