/// What a sandbox takes from the pools, and gives back.
struct Resources: Sendable {
    let cgroup: CgroupSet
    let limits: CgroupSet.Limits
    let network: NetworkPool.Network
    let range: (index: UInt32, owner: UInt32)?
    let volumes: VolumeMounts

    init(_ spec: SandboxSpec, on host: HostSandboxes) async throws {
        limits = CgroupSet.Limits(spec)
        range = spec.user == .root || spec.programs.contains(.containers) ? try host.ranges.take() : nil
        do {
            volumes = try VolumeMounts(spec, owner: Self.owner(spec, range?.owner), scratch: host.scratch)
            do {
                (network, cgroup) = try await Self.places(limits, on: host)
            } catch {
                volumes.close()
                throw error
            }
        } catch {
            if let range { host.ranges.giveBack(range.index) }
            throw error
        }
    }

    private static func places(
        _ limits: CgroupSet.Limits, on host: HostSandboxes
    ) async throws -> (NetworkPool.Network, CgroupSet) {
        let network = try await host.networks.take()
        do {
            return (network, try host.cgroups.take(limits))
        } catch {
            host.networks.giveBack(network)
            throw error
        }
    }

    /// Gives all back, when no process has been in it.
    func giveBack(to host: HostSandboxes) {
        host.cgroups.giveBack(cgroup, limits, isReusable: true)
        host.networks.giveBack(network)
        volumes.close()
        if let range { host.ranges.giveBack(range.index) }
    }

    /// The order to the launcher.
    func opening(_ spec: SandboxSpec, number: UInt32, accounts: ShownAccounts) -> Orders.Opening {
        Orders.Opening(
            number: number, spec: spec, owner: Self.owner(spec, range?.owner), range: range?.index,
            cgroupCount: cgroup.processFiles.count, volumeCount: volumes.mounts.count,
            accounts: accounts.files(for: spec.user))
    }

    /// Whom the processes run as, as the host sees it.
    static func owner(_ spec: SandboxSpec, _ rangeOwner: UInt32?) -> (uid: UInt32, gid: UInt32) {
        if case .account(_, let uid, let gid, _, _) = spec.user { return (uid, gid) }
        return (rangeOwner ?? 0, rangeOwner ?? 0)
    }
}
