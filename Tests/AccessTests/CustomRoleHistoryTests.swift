import Foundation
import Testing

@testable import Access

@Suite("The history of custom roles")
struct CustomRoleHistoryTests {
    /// A project's roles, changed at random and with the time passing; what is refused changes nothing.
    private struct World {
        let rules = CustomRoleRules()
        var generator: Numbers
        var now = Date(timeIntervalSince1970: 1_800_000_000)
        var roles: [CustomRole.Name: CustomRole] = [:]
        var writes = 0

        mutating func step() -> Bool {
            now.addTimeInterval(Double(Int.random(in: 0...5 * 86_400, using: &generator)))
            let name = CustomRole.Name(.project("demo"), "role\(Int.random(in: 0..<4, using: &generator))")
            writes += 1
            let etag = Data(String(writes).utf8)
            let expected = Bool.random(using: &generator) ? roles[name]?.etag : Data("stale".utf8)
            let result: CustomRole?
            switch (Int.random(in: 0..<4, using: &generator), roles[name]) {
            case (0, _):
                let fields = CustomRoleFields(permissions: ["batch.jobs.get"])
                result = try? rules.create(name, fields, siblings: Array(roles.values), etag: etag, at: now)
            case (1, let role?):
                let fields = CustomRoleFields(stage: LaunchStage.allCases.randomElement(using: &generator))
                result = try? rules.patch(role, fields, ifMatches: expected, etag: etag, at: now)
            case (2, let role?): result = try? rules.delete(role, ifMatches: expected, etag: etag, at: now)
            case (_, let role?): result = try? rules.undelete(role, ifMatches: expected, etag: etag, at: now)
            default: result = nil
            }
            guard let result else { return false }
            roles[name] = result
            return true
        }
    }

    /// Numbers that are the same for the same seed.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test("never brings a role back from beyond seven days, and never lets a deleted or disabled one grant")
    func invariants() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var world = World(generator: Numbers(state: seed))
        var changes = 0
        for _ in 0..<3000 {
            let before = world.roles
            guard world.step() else {
                #expect(world.roles == before, "seed \(seed)")
                continue
            }
            changes += 1
            for (name, role) in world.roles {
                let old = before[name]
                #expect(
                    role.role.permissions.isEmpty == (role.stage == .disabled || role.deletedAt != nil), "seed \(seed)")
                guard let old, old != role else { continue }
                // What changed was to be changed: in use, or deleted and now restored, or gone and made anew.
                switch (old.standing(at: world.now), role.deletedAt) {
                case (.active, _), (.deleted, nil), (.gone, nil): break
                default: Issue.record("seed \(seed): \(old) became \(role)")
                }
                #expect(old.etag != role.etag, "seed \(seed)")
            }
        }
        #expect(changes > 300, "seed \(seed)")
    }
}
