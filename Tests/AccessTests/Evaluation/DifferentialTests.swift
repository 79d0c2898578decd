import Foundation
import Testing

@testable import Access

@Suite("The index")
struct DifferentialTests {
    private static let shards = 8
    /// Decisions in all: 100,000, or as many as `LANDFALL_DECISIONS` says.
    private static let decisions =
        ProcessInfo.processInfo.environment["LANDFALL_DECISIONS"].flatMap(Int.init) ?? 100_000
    /// Where the random worlds come from: `LANDFALL_SEED`, else another one in each run.
    private static let seed =
        ProcessInfo.processInfo.environment["LANDFALL_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000)

    @Test("decides as an evaluator without one does, whatever happens", arguments: 0..<shards)
    func sameDecisions(shard: Int) throws {
        let perWorld = 500
        var allowed = 0
        let worlds = max(1, Self.decisions / Self.shards / perWorld)
        for number in 0..<worlds {
            let seed = Self.seed &+ UInt64(shard * 1_000_000 + number)
            var world = try RandomWorld(seed: seed)
            for step in 0..<perWorld {
                if step % 10 == 0 { try world.change() }
                let question = world.question()
                let decision = world.index.decide(question)
                allowed += decision.isAllowed ? 1 : 0
                guard decision.isAllowed == world.naive.allows(question) else {
                    Issue.record("LANDFALL_SEED=\(Self.seed), world \(seed), step \(step): \(decision) for \(question)")
                    return
                }
                if case .allowed(let grant) = decision { try expectBinding(of: grant, in: world.index) }
            }
        }
        print("\(worlds * perWorld) decisions alike, \(allowed) allowed, LANDFALL_SEED=\(Self.seed)")
        // A generator that allows or refuses nearly everything would find nothing.
        #expect(allowed > worlds * perWorld / 20 && allowed < worlds * perWorld * 19 / 20)
    }

    private func expectBinding(of grant: Grant, in index: AccessIndex) throws {
        let bindings = index.policy(of: grant.boundOn).bindings
        try #require(bindings.contains { $0.role == grant.role && $0.members.contains(grant.member.text) })
    }

    @Test("takes no access away for a binding that is added, where nothing is denied", arguments: 0..<20)
    func monotonic(number: Int) throws {
        let seed = Self.seed &+ UInt64(number)
        var world = try RandomWorld(seed: seed, hasDenyRules: false)
        for _ in 0..<40 {
            let questions = (0..<10).map { _ in world.question() }
            let before = questions.filter { world.index.decide($0).isAllowed }
            let resource = questions[0].resource
            var policy = world.index.policy(of: resource)
            policy.bindings.append(world.randomBinding())
            world.setPolicy(policy, of: resource)
            for question in before where !world.index.decide(question).isAllowed {
                Issue.record("world \(seed): \(question) after \(policy)")
            }
        }
    }

    @Test("proves what it decides, and proposes grants each of which helps as long as it is there", arguments: 0..<20)
    func remedies(number: Int) throws {
        let seed = Self.seed &+ UInt64(number)
        var world = try RandomWorld(seed: seed)
        var tried = 0
        for _ in 0..<60 {
            try world.change()
            let question = world.question()
            let proof = world.index.explain(
                question.principal, Permission(question.permission), on: question.resource, in: question.context)
            #expect(proof.agrees(with: world.index.decide(question)), "world \(seed): \(question)")
            // Where a rule denies it no grant helps; what is proposed then is what a stranger to the rule would be told.
            guard case .denied(let denial) = proof.decision, denial.cause == .notGranted,
                world.index.locate(question.resource) != nil
            else { continue }
            for remedy in denial.remedies {
                var changed = world.index
                var policy = changed.policy(of: remedy.on)
                policy.bindings.append(Binding(role: remedy.role, members: [question.principal.member]))
                changed.setPolicy(policy, of: remedy.on)
                let helped = changed.decide(question)
                #expect(helped.isAllowed || helped.isForbiddenOtherwise, "world \(seed): \(remedy) for \(question)")
                policy.bindings.removeLast()
                changed.setPolicy(policy, of: remedy.on)
                #expect(!changed.decide(question).isAllowed)
                tried += 1
            }
        }
        #expect(tried > 0)
    }
}

extension AccessIndex {
    fileprivate func decide(_ question: RandomWorld.Question) -> Decision {
        decide(question.principal, Permission(question.permission), on: question.resource, in: question.context)
    }
}

extension NaiveEvaluator {
    fileprivate func allows(_ question: RandomWorld.Question) -> Bool {
        allows(
            question.principal, question.permission, on: question.resource, at: question.context.time,
            attachingIn: question.context.attachingIn)
    }
}

extension Decision {
    /// Whether a grant cannot help: the project is going, or a constraint forbids what is asked.
    fileprivate var isForbiddenOtherwise: Bool {
        guard case .denied(let denial) = self else { return false }
        return switch denial.cause {
        case .projectDeleted, .constraint: true
        default: false
        }
    }
}

extension Proof {
    /// Whether its steps lead to a decision that was made without them.
    fileprivate func agrees(with other: Decision) -> Bool {
        let isDenied = denyRules.contains(where: \.applies)
        let isGranted = bindings.contains(where: \.grants)
        switch (decision, other) {
        case (.allowed, .allowed): return !isDenied && isGranted && nearMisses.isEmpty
        case (.denied(let denial), .denied(let same)):
            guard denial.cause == same.cause else { return false }
            return switch denial.cause {
            case .notGranted: !isDenied && !isGranted
            case .denied: isDenied
            case .projectDeleted, .constraint: !isDenied && isGranted
            case .accountDisabled, .accountGone: true
            }
        default: return false
        }
    }
}
