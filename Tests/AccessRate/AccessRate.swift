import Access
import Foundation

/// A program of scripts/bench: decides what a file asks, about the policies in the same file.
///
/// `AccessRate WORLD.json` prints its figures as JSON; `AccessRate roles` prints the permissions of each predefined
/// role, so that yardsticks can be given the same.
@main
struct AccessRate {
    /// What `AccessRate WORLD.json` prints.
    struct Figures: Encodable {
        /// Decisions in a second, one after the other.
        var rate: Double
        /// Nanoseconds that one decision in a hundred takes longer than.
        var slowest: UInt64
        /// Which of the questions are answered with yes.
        var allowed: [Bool]
        /// Milliseconds to bind a policy of 1,000 bindings and make the next decision: the median.
        var change: Double
    }

    static func main() throws {
        let encoder = JSONEncoder()
        switch CommandLine.arguments.dropFirst().first {
        case "roles":
            let catalog = RoleCatalog.predefined
            let roles = catalog.names.map { ($0, catalog[$0]?.permissions.permissions.map(\.name) ?? []) }
            try print(encoder.encode(Dictionary(uniqueKeysWithValues: roles)))
        case let path?:
            let world = try JSONDecoder().decode(World.self, from: Data(contentsOf: URL(filePath: path)))
            try print(encoder.encode(measure(world)))
        case nil:
            print("Usage: AccessRate WORLD.json | roles")
            exit(2)
        }
    }

    private static func print(_ json: Data) { Swift.print(String(decoding: json, as: UTF8.self)) }
    private static func print(_ text: String) { Swift.print(text) }

    private static func measure(_ world: World) throws -> Figures {
        var index = try world.index()
        let questions = world.questions.map { Question($0) }
        let context = RequestContext(time: Date(timeIntervalSince1970: Double(world.time)))
        func decide(_ question: Question) -> Bool {
            index.decide(question.principal, question.permission, on: question.project, in: context).isAllowed
        }
        let allowed = questions.map(decide)
        let count = 200_000
        let clock = ContinuousClock()
        let spent = clock.measure {
            for number in 0..<count
            where decide(questions[number % questions.count]) != allowed[number % questions.count] {
                fatalError("the same question was answered differently")
            }
        }
        var each: [UInt64] = []
        for number in 0..<count {
            let begun = DispatchTime.now().uptimeNanoseconds
            _ = decide(questions[number % questions.count])
            each.append(DispatchTime.now().uptimeNanoseconds - begun)
        }
        each.sort()
        let changes = (0..<21).map { round in
            let policy = world.policy(bindings: 1000, round: round)
            return clock.measure {
                index.setPolicy(policy, of: questions[0].project)
                _ = decide(questions[0])
            } / .milliseconds(1)
        }
        return Figures(
            rate: Double(count) / (spent / .seconds(1)), slowest: each[count * 99 / 100], allowed: allowed,
            change: changes.sorted()[10])
    }
}

/// A question, read before it is measured.
struct Question {
    let principal: Principal
    let permission: Permission
    let project: Resource

    init(_ question: World.Question) {
        principal = .user(question.user)
        permission = Permission(question.permission)
        project = .project(question.project)
    }
}
