import FoundationEssentials
import Requests
import Workload

/// What Batch fills in where a submitter said nothing: the answer to a request to create a job shows it.
enum JobDefaults {
    /// Who a job is, apart from what its submitter wrote.
    struct Identity: Sendable {
        var id: String
        var uid: String
        var place: Place
        var serviceAccount: String
        var createdAt: Date

        var name: JobName { JobName(project: place.project.id, location: place.region.name, id: id) }
    }

    /// A valid job with its output fields, but for the status, and its defaults.
    static func filled(_ job: Wire.Job, as identity: Identity) -> Wire.Job {
        var job = job
        let name = "\(identity.place.name)/jobs/\(identity.id)"
        job.name = name
        job.uid = identity.uid
        job.createTime = Timestamps.message(identity.createdAt)
        job.updateTime = job.createTime
        job.clearStatus()
        job.allocationPolicy.labels["batch-job-id"] = identity.id
        job.allocationPolicy.serviceAccount.email = identity.serviceAccount
        if job.allocationPolicy.location.allowedLocations.isEmpty {
            let region = identity.place.region
            job.allocationPolicy.location.allowedLocations =
                ["regions/\(region.name)"] + region.zones.map { "zones/\($0)" }
        }
        job.taskGroups = job.taskGroups.map { group in
            var group = group
            group.name = "\(name)/taskGroups/group0"
            group.taskCount = taskCount(of: group)
            group.parallelism = parallelism(of: group)
            if group.taskSpec.computeResource.cpuMilli == 0 { group.taskSpec.computeResource.cpuMilli = 2000 }
            if group.taskSpec.computeResource.memoryMib == 0 { group.taskSpec.computeResource.memoryMib = 2000 }
            return group
        }
        return job
    }

    /// One for each of `task_environments`, when there are any (Batch API).
    static func taskCount(of group: Wire.TaskGroup) -> Int64 {
        if !group.taskEnvironments.isEmpty { return Int64(group.taskEnvironments.count) }
        return group.hasTaskCount ? group.taskCount : 1
    }

    /// All tasks at once, up to what Batch allows; one at a time when they are to run in order.
    static func parallelism(of group: Wire.TaskGroup) -> Int64 {
        if group.schedulingPolicy == .inOrder { return 1 }
        return group.parallelism > 0 ? group.parallelism : min(taskCount(of: group), JobValidator.maxParallelism)
    }
}
