import Foundation
import Testing
import Workload

@testable import Agent

@Suite("The agent, which is root, checks what it is asked")
struct PlanCheckTests {
    private let check = PlanCheck(accountIDs: [1000..<60_001, 0x8000_0000..<0xF000_0000], serverID: 1500)

    private func account(
        name: String = "alice_example_com", uid: UInt32 = 2000, gid: UInt32 = 2000, home: String = "/home/alice"
    ) -> PosixAccount {
        PosixAccount(username: name, uid: uid, gid: gid, home: home)
    }

    private func data(_ account: PosixAccount) throws -> Data {
        try JSONEncoder().encode(
            Plan(steps: [Step(executable: .script(text: "true"))], user: .account(account)))
    }

    @Test("and takes an ordinary account")
    func ordinary() throws {
        for account in [account(), account(uid: 0x8000_0000, gid: 0x8000_0000)] {
            #expect(try check.plan(data(account)).user == .account(account))
        }
    }

    @Test("and refuses accounts that are not for tasks")
    func refused() throws {
        let bad = [
            account(uid: 0), account(gid: 0), account(uid: 999), account(uid: 60_001), account(uid: 1500),
            account(uid: 0x7000_0000), account(name: "root"),
            account(name: "a:b"), account(name: ""), account(name: "-x"), account(home: "home"),
            account(home: "/home/../root"), account(home: "/home/a:b"), account(home: "/home/a\nroot"),
        ]
        for account in bad {
            let data = try data(account)
            #expect(throws: PlanCheck.Refusal.self, "\(account)") { try check.plan(data) }
        }
    }

    @Test("and refuses what is not a plan")
    func garbage() {
        #expect(throws: PlanCheck.Refusal.self) { try check.plan(Data("{}".utf8)) }
    }

    @Test(
        "and job ids that are no file names",
        arguments: [
            ("j-1a", true), ("", false), ("../x", false), ("A", false), (String(repeating: "a", count: 64), false),
        ]
    )
    func ids(_ text: String, _ isGood: Bool) {
        #expect(PlanCheck.isUID(text) == isGood)
    }

    @Test("and refuses volumes that its operator has not opened, and paths that lead elsewhere")
    func volumes() throws {
        let check = PlanCheck(accountIDs: [], serverID: 0, hostDirectories: HostDirectories(open: ["/srv/a"]))
        func plan(_ volumes: [Volume], mounts: [VolumeMount] = []) throws -> Data {
            let container = Container(image: "i", mounts: mounts)
            var plan = Plan(steps: [Step(executable: .container(container))])
            plan.volumes = volumes
            return try JSONEncoder().encode(plan)
        }
        let good = Volume(name: "v", source: .hostDirectory(path: "/srv/a/b"), path: "/mnt/v")
        #expect(try check.plan(plan([good], mounts: [VolumeMount(volume: "v", path: "/v")])).volumes == [good])
        let bad: [([Volume], [VolumeMount])] = [
            ([Volume(name: "v", source: .hostDirectory(path: "/srv"))], []),
            ([Volume(name: "v", source: .hostDirectory(path: "/srv/a/../b"))], []),
            ([Volume(name: "v", source: .hostDirectory(path: "/srv/ab"))], []),
            ([Volume(name: "v", source: .memory(limitMiB: 0))], []),
            ([Volume(name: "v", source: .disk, path: "mnt")], []),
            ([Volume(name: "v", source: .disk), Volume(name: "v", source: .disk)], []),
            (
                [
                    Volume(
                        name: "v",
                        source: .secrets([
                            SecretFile(path: "../x", secret: SecretReference(project: "p", secret: "s"))
                        ]))
                ], []
            ),
            ([good], [VolumeMount(volume: "w", path: "/v")]),
            ([good], [VolumeMount(volume: "v", path: "/")]),
            ([good], [VolumeMount(volume: "v", subpath: "../..", path: "/v")]),
        ]
        for (volumes, mounts) in bad {
            let data = try plan(volumes, mounts: mounts)
            #expect(throws: PlanCheck.Refusal.self, "\(volumes) \(mounts)") { try check.plan(data) }
        }
    }
}
