/// What a sandbox takes from the pools, and gives back.
struct Resources: Sendable {
    let cgroup: CgroupSet
    let network: NetworkPool.Network
    let range: (index: UInt32, owner: UInt32)?

    init(_ spec: SandboxSpec, on host: HostSandboxes) async throws {
        range = spec.user == .root ? try host.ranges.take() : nil
        do {
            network = try await host.networks.take()
            do {
                cgroup = try host.cgroups.take(cpuMilli: spec.cpuMilli, memoryMiB: spec.memoryMiB)
            } catch {
                host.networks.giveBack(network)
                throw error
            }
        } catch {
            if let range { host.ranges.giveBack(range.index) }
            throw error
        }
    }

    /// Gives all back, when no process has been in it.
    func giveBack(to host: HostSandboxes) {
        host.cgroups.giveBack(cgroup, isReusable: true)
        host.networks.giveBack(network)
        if let range { host.ranges.giveBack(range.index) }
    }

    /// The order to the launcher.
    func opening(_ spec: SandboxSpec, number: UInt32, accounts: AccountFiles) -> Orders.Opening {
        var owner: (uid: UInt32, gid: UInt32) = (range?.owner ?? 0, range?.owner ?? 0)
        var shown = accounts
        if case .account(let name, let uid, let gid, let home, let shell) = spec.user {
            owner = (uid, gid)
            shown = accounts.adding(name: name, uid: uid, gid: gid, home: home, shell: shell)
        }
        return Orders.Opening(
            number: number, spec: spec, owner: owner, range: range?.index, cgroupCount: cgroup.processFiles.count,
            accounts: shown)
    }
}
