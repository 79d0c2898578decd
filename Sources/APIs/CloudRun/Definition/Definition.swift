import SwiftProtobuf

/// What is kept of a job: the fields that its author may set, with Cloud Run's defaults in place of what was left out.
enum Definition {
    /// - Parameters:
    ///   - id: the last part of the job's name: its container is named after it.
    ///   - serviceAccount: the address that the job's tasks run as.
    static func filled(_ job: V2.Job, id: String, serviceAccount: String) -> V2.Job {
        var filled = V2.Job()
        filled.labels = job.labels
        filled.annotations = job.annotations
        filled.client = job.client
        filled.clientVersion = job.clientVersion
        filled.launchStage = job.launchStage == .unspecified ? .ga : job.launchStage
        filled.createExecution = job.createExecution
        filled.template = job.template
        if filled.template.taskCount == 0 { filled.template.taskCount = 1 }
        filled.template.template.serviceAccount = serviceAccount
        fill(&filled.template.template, id)
        return filled
    }

    private static func fill(_ task: inout V2.TaskTemplate, _ id: String) {
        if task.retries == nil { task.maxRetries = 3 }
        if !task.hasTimeout { task.timeout = Google_Protobuf_Duration(seconds: 600) }
        task.executionEnvironment = .gen2
        for index in task.containers.indices {
            if task.containers[index].name.isEmpty { task.containers[index].name = "\(id)-\(index + 1)" }
            task.containers[index].resources.limits.merge(ContainerLimits.standard) { own, _ in own }
            for place in task.containers[index].env.indices {
                if case .valueSource(var source)? = task.containers[index].env[place].values {
                    if source.secretKeyRef.version.isEmpty { source.secretKeyRef.version = "latest" }
                    task.containers[index].env[place].valueSource = source
                }
            }
        }
        for index in task.volumes.indices {
            switch task.volumes[index].volumeType {
            case .secret(let secret)? where secret.defaultMode == 0: task.volumes[index].secret.defaultMode = 0o444
            case .emptyDir(let directory)? where directory.medium == .unspecified:
                task.volumes[index].emptyDir.medium = .memory
            default: break
            }
        }
    }
}
