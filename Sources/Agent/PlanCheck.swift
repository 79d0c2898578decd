import FoundationEssentials
import Workload

/// What an agent, which is root, refuses to do for a server, which is not.
struct PlanCheck: Sendable {
    /// The user and group ids that tasks may be given.
    let accountIDs: [Range<UInt32>]
    /// The account of the server, whose files no task is to own.
    let serverID: UInt32
    /// The directories of the machine that its operator has opened.
    var hostDirectories = HostDirectories()

    /// What is wrong with a lease or its plan, in words for people.
    struct Refusal: Error, Hashable {
        var reason: String
    }

    /// Decodes a plan and checks it.
    ///
    /// - Throws: `Refusal`.
    func plan(_ data: Data) throws(Refusal) -> Plan {
        let plan: Plan
        do {
            plan = try JSONDecoder().decode(Plan.self, from: data)
        } catch {
            throw Refusal(reason: "The job's plan cannot be read.")
        }
        guard (1...100_000).contains(plan.taskCount), (1...1000).contains(plan.steps.count),
            plan.resources.cpuMilli >= 0, plan.resources.memoryMiB >= 0
        else { throw Refusal(reason: "The job's plan is out of bounds.") }
        if case .account(let account) = plan.user { try check(account) }
        try VolumeCheck(hostDirectories: hostDirectories).check(plan)
        return plan
    }

    /// Whether a job's unique id may become part of a file's name.
    static func isUID(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    private func check(_ account: PosixAccount) throws(Refusal) {
        for id in [account.uid, account.gid] where id == serverID || !accountIDs.contains(where: { $0.contains(id) }) {
            throw Refusal(reason: "The user id \(account.uid) or group id \(account.gid) is not one for tasks.")
        }
        let name = account.username
        guard (1...32).contains(name.utf8.count), name != "root", name.first != "-",
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
        else { throw Refusal(reason: "The user name is not one for tasks.") }
        guard Self.isPlainPath(account.home), Self.isPlainPath(account.shell) else {
            throw Refusal(reason: "The home directory or the shell of \(name) is not a plain absolute path.")
        }
    }

    /// Absolute, without `..`, and free of what separates fields and lines of a passwd file.
    private static func isPlainPath(_ path: String) -> Bool {
        path.hasPrefix("/") && path.utf8.count <= 255
            && !path.split(separator: "/").contains("..")
            && path.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ":") }
    }
}
