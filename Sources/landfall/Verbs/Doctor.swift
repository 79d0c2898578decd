import ArgumentParser
import Foundation
import Sandbox

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what this machine can isolate, and what is missing.",
        discussion: "Exits with 1 when something is missing without which no task can run.")

    @Option(help: "text or json.") var format: OutputFormat = .text

    func run() async throws {
        let report = HostReport.probe()
        switch format {
        case .json: try JSONOutput.print(report.capabilities.map(Finding.init))
        case .text: print(report.text, terminator: "")
        }
        guard report.isSufficient else { throw ExitCode.failure }
    }
}

/// A capability for programs.
private struct Finding: Encodable {
    var name: String
    var isAvailable: Bool
    var isRequired: Bool
    var detail: String
    var remedy: String?

    init(_ capability: HostReport.Capability) {
        name = capability.name
        isRequired = capability.isRequired
        switch capability.state {
        case .available(let how):
            isAvailable = true
            detail = how
        case .missing(let reason, let remedy):
            isAvailable = false
            detail = reason
            self.remedy = remedy
        }
    }
}

extension HostReport {
    /// A line for each capability, and one more for what is missing.
    var text: String {
        capabilities.map { capability in
            switch capability.state {
            case .available(let how):
                return "ok       \(capability.name): \(how)\n"
            case .missing(let reason, let remedy):
                let mark = capability.isRequired ? "MISSING " : "limited "
                return "\(mark) \(capability.name): \(reason)\n         \(remedy)\n"
            }
        }.joined()
    }
}
