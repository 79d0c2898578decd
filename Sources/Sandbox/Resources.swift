/// What a sandbox takes from the pools, and gives back.
struct Resources: Sendable {
    let cgroup: CgroupSet
    let limits: CgroupSet.Limits
    let network: NetworkPool.Network
    let range: (index: UInt32, owner: UInt32)?

    init(_ spec: SandboxSpec, on host: HostSandboxes) async throws {
        limits = CgroupSet.Limits(spec)
        range = spec.user == .root ? try host.ranges.take() : nil
        do {
            network = try await host.networks.take()
            do {
                cgroup = try host.cgroups.take(limits)
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
        host.cgroups.giveBack(cgroup, limits, isReusable: true)
        host.networks.giveBack(network)
        if let range { host.ranges.giveBack(range.index) }
    }

    /// The order to the launcher.
    func opening(_ spec: SandboxSpec, number: UInt32, accounts: ShownAccounts) -> Orders.Opening {
        var owner: (uid: UInt32, gid: UInt32) = (range?.owner ?? 0, range?.owner ?? 0)
        if case .account(_, let uid, let gid, _, _) = spec.user { owner = (uid, gid) }
        return Orders.Opening(
            number: number, spec: spec, owner: owner, range: range?.index, cgroupCount: cgroup.processFiles.count,
            accounts: accounts.files(for: spec.user))
    }
}
