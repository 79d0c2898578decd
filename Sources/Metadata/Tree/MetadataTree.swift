import Workload

/// All that a task's metadata server tells, as a tree: what Compute Engine has for a virtual machine, or the part of it
/// that Cloud Run has.
struct MetadataTree {
    let instance: Instance

    private var identity: TaskIdentity { instance.identity }

    /// The top, below which `computeMetadata/v1/` is.
    var root: MetadataNode {
        let top: [MetadataEntry] = [
            .init("instance", .directory(onVirtualMachine ? virtualMachine : serverless)),
            .init("project", .directory(project)),
            .init("universe", .directory([.init("universe-domain", .text(instance.universe))])),
        ]
        return .directory([.init("computeMetadata", .directory([.init("v1", .directory(top))]))])
    }

    private var onVirtualMachine: Bool { identity.platform == .virtualMachine }

    private var project: [MetadataEntry] {
        let attributes = [MetadataEntry("attributes", .directory([.init("enable-oslogin", .text("TRUE"))]))]
        return (onVirtualMachine ? attributes : []) + [
            .init("numeric-project-id", number(identity.projectNumber)), .init("project-id", .text(identity.project)),
        ]
    }

    private var serverless: [MetadataEntry] {
        [
            .init("id", .text(instance.machine.id)),
            .init("region", .text("projects/\(identity.projectNumber)/regions/\(identity.region)")),
            .init("service-accounts", .directory(accounts)), .init("zone", zone),
        ]
    }

    private var virtualMachine: [MetadataEntry] {
        let disk: [MetadataEntry] = [
            .init("device-name", .text("boot")), .init("index", .number(0)), .init("mode", .text("READ_WRITE")),
            .init("type", .text("PERSISTENT")),
        ]
        let interface: [MetadataEntry] = [
            .init("mtu", .number(1500)),
            .init("network", .text("projects/\(identity.projectNumber)/networks/default")),
        ]
        let scheduling: [MetadataEntry] = [
            .init("automatic-restart", .text("FALSE")), .init("on-host-maintenance", .text("MIGRATE")),
            .init("preemptible", .text("FALSE")),
        ]
        return [
            .init("attributes", .directory([])), .init("description", .text("")),
            .init("disks", .directory([.init("0", .directory(disk))])),
            .init("hostname", .text("\(instance.machine.name).\(zoneName).c.\(identity.project).internal")),
            .init("id", number(instance.machine.id)), .init("machine-type", .text(machineType)),
            .init("maintenance-event", .text("NONE")), .init("name", .text(instance.machine.name)),
            .init("network-interfaces", .directory([.init("0", .directory(interface))])),
            .init("preempted", .text("FALSE")), .init("scheduling", .directory(scheduling)),
            .init("service-accounts", .directory(accounts)), .init("tags", .list([])), .init("zone", zone),
        ]
    }

    /// The account by its address, and as the default one.
    private var accounts: [MetadataEntry] {
        let account = MetadataNode.directory([
            .init("aliases", .list(["default"])), .init("email", .text(identity.account)),
            .init("identity", .identityToken), .init("scopes", .list(identity.scopes)), .init("token", .accessToken),
        ])
        return [.init("default", account), .init(identity.account, account)]
    }

    private var zone: MetadataNode { .text("projects/\(identity.projectNumber)/zones/\(zoneName)") }

    private var zoneName: String { identity.zone }

    /// A custom type of these sizes, in whole processors.
    private var machineType: String {
        let processors = max(1, (instance.resources.cpuMilli + 999) / 1000)
        return "projects/\(identity.projectNumber)/machineTypes/custom-\(processors)-\(instance.resources.memoryMiB)"
    }

    private func number(_ digits: String) -> MetadataNode { UInt64(digits).map { .number($0) } ?? .text(digits) }
}
