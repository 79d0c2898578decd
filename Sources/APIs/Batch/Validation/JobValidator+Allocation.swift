import Access
import Requests

/// Rules for what a job asks of the machines that it runs on.
extension JobValidator {
    mutating func check(_ policy: Wire.AllocationPolicy, at field: FieldPath) {
        check(locations: policy.location.allowedLocations, at: field.location.allowed_locations)
        if policy.instances.count > 1 {
            violations.add(field.instances, "must have at most one entry, but has \(policy.instances.count)")
        } else if let instance = policy.instances.first {
            check(instance, at: field.instances[0])
        }
        if policy.hasServiceAccount { check(policy.serviceAccount, at: field.service_account) }
        check(
            labels: policy.labels, limit: 61, predefined: ["batch-job-id", "batch-job-uid", "batch-node"],
            at: field.labels)
        if policy.hasNetwork { check(policy.network, at: field.network) }
        if policy.hasPlacement { check(policy.placement, at: field.placement) }
        for (index, tag) in policy.tags.enumerated() where !JobID.isValid(tag) {
            violations.add(field.tags[index], JobID.rule)
        }
    }

    /// Batch: all locations lie in the job's own region.
    private mutating func check(locations: [String], at field: FieldPath) {
        for (index, location) in locations.enumerated() {
            let parts = location.split(separator: "/", omittingEmptySubsequences: false)
            let known: Bool? =
                switch (parts.count, parts.first) {
                case (2, "regions"): parts[1] == region.name
                case (2, "zones"): region.zones.contains(String(parts[1]))
                default: nil
                }
            switch known {
            case true?: break
            case false?:
                violations.add(
                    field[index],
                    "must lie in the job's region \(region.name), whose zones are "
                        + "\(region.zones.joined(separator: ", ")), but is '\(location.excerpt)'")
            case nil:
                violations.add(
                    field[index],
                    "must look like 'regions/\(region.name)' or 'zones/\(region.zones[0])', "
                        + "but is '\(location.excerpt)'")
            }
        }
    }

    private mutating func check(_ network: Wire.AllocationPolicy.NetworkPolicy, at field: FieldPath) {
        for (index, interface) in network.networkInterfaces.enumerated() {
            if case .UNRECOGNIZED(let number) = interface.nicType {
                violations.add(field.network_interfaces[index].nic_type, "has no value \(number)")
            }
        }
    }

    private mutating func check(_ placement: Wire.AllocationPolicy.PlacementPolicy, at field: FieldPath) {
        if !["", "UNSPECIFIED", "COLLOCATED"].contains(placement.collocation) {
            violations.add(
                field.collocation, "must be UNSPECIFIED or COLLOCATED, but is '\(placement.collocation.excerpt)'")
        }
        if placement.maxDistance < 0 {
            violations.add(field.max_distance, "must not be negative, but is \(placement.maxDistance)")
        }
    }

    private mutating func check(_ instance: Wire.AllocationPolicy.InstancePolicyOrTemplate, at field: FieldPath) {
        switch instance.policyTemplate {
        case .policy(let policy): check(policy, at: field.policy)
        case .instanceTemplate:
            violations.addUnsupported(field.instance_template, "there are no Compute Engine instance templates")
        case nil: break
        }
        if instance.installGpuDrivers {
            violations.addUnsupported(field.install_gpu_drivers, "tasks get no GPUs")
        }
        if instance.installOpsAgent {
            violations.addUnsupported(field.install_ops_agent, "nothing is installed on the machines that run tasks")
        }
    }

    private mutating func check(_ policy: Wire.AllocationPolicy.InstancePolicy, at field: FieldPath) {
        switch policy.provisioningModel {
        case .unspecified, .standard, .spot, .preemptible: break
        case .reservationBound, .flexStart:
            violations.addUnsupported(
                field.provisioning_model, "tasks run on machines that are there; leave it out, or use STANDARD or SPOT")
        case .UNRECOGNIZED(let number): violations.add(field.provisioning_model, "has no value \(number)")
        }
        if !policy.machineType.utf8.allSatisfy({ ASCII.isLowerLetter($0) || ASCII.isDigit($0) || $0 == ASCII.hyphen })
            || policy.machineType.utf8.count > 63
        {
            violations.add(
                field.machine_type,
                "must be a machine type such as 'e2-standard-4', but is "
                    + "'\(policy.machineType.excerpt)'")
        }
        if !policy.minCpuPlatform.isEmpty {
            violations.addUnsupported(field.min_cpu_platform, "tasks run on the processors that are there")
        }
        if !policy.reservation.isEmpty, !["NO_RESERVATION", "ANY_RESERVATION"].contains(policy.reservation) {
            violations.addUnsupported(field.reservation, "there are no Compute Engine reservations")
        }
        if !policy.accelerators.isEmpty { violations.addUnsupported(field.accelerators, "tasks get no GPUs") }
        check(disks: policy.disks, at: field.disks)
        check(bootDisk: policy.bootDisk, at: field.boot_disk)
    }

    /// Size and type of a boot disk mean nothing here; what is on it does.
    private mutating func check(bootDisk disk: Wire.AllocationPolicy.Disk, at field: FieldPath) {
        switch disk.dataSource {
        case .image(let image):
            if !["batch-debian", "batch-cos", "batch-hpc-rocky", "batch-centos"].contains(image) {
                violations.addUnsupported(
                    field.image, "tasks see the software of the machines that they run on, not '\(image.excerpt)'")
            }
        case .snapshot: violations.addUnsupported(field.snapshot, "a snapshot cannot be a boot disk's source")
        case nil: break
        }
        if disk.sizeGb < 0 { violations.add(field.size_gb, "must not be negative, but is \(disk.sizeGb)") }
    }

    private mutating func check(_ account: Wire.ServiceAccount, at field: FieldPath) {
        check(email: account.email, at: field.email)
        if account.scopes.count > Self.maxScopes {
            violations.add(field.scopes, "must have at most \(Self.maxScopes) entries, but has \(account.scopes.count)")
        }
        for (index, scope) in account.scopes.prefix(Self.maxScopes).enumerated() where !Self.isScope(scope) {
            violations.add(
                field.scopes[index],
                "must be an OAuth scope such as 'https://www.googleapis.com/auth/cloud-platform', but is "
                    + "'\(scope.excerpt)'")
        }
    }

    private static let maxScopes = 100

    /// Printable ASCII without what separates or quotes (RFC 6749, 3.3).
    private static func isScope(_ text: String) -> Bool {
        (1...500).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x2C && $0 != 0x5C }
    }

    private mutating func check(email: String, at field: FieldPath) {
        guard !email.isEmpty else { return }
        if EmailAddress.canonical(email).map(EmailAddress.isServiceAccount) != true {
            violations.add(field, "must be the e-mail address of a service account, but is '\(email.excerpt)'")
        }
    }
}
