import Dispatcher
import Methods
import Requests
import Store
import Workload

extension JobName {
    /// `projects/demo/locations/us-central1/jobs/hello`
    var path: String { "projects/\(project)/locations/\(location)/jobs/\(id)" }
}

extension ServiceError {
    static func noJob(_ name: JobName) -> ServiceError { .notFound("job \"\(name.path)\" not found") }

    /// What a failure of the engine or the store means to whoever asked for a job to be created or ended.
    /// Other errors pass as they are.
    static func from(_ error: any Error, about name: JobName) -> any Error {
        switch error {
        case StoreError.alreadyExists:
            ServiceError.alreadyExists("Resource '\(name.path)' already exists")
        case StoreError.noSpace:
            ServiceError(.resourceExhausted, "The server's disk is full: nothing was changed.")
        case EngineError.unknownJob:
            noJob(name)
        case EngineError.alreadyEnded(let state):
            ServiceError.failedPrecondition(
                "Job \(name.path) cannot be cancelled: its state is \(state.wireName).")
        case EngineError.tooLarge(let memoryMiB):
            tooLarge(memoryMiB) ?? error
        default:
            error
        }
    }

    private static func tooLarge(_ memoryMiB: Int) -> ServiceError? {
        var violations = Violations()
        violations.add(
            FieldPath("job").task_groups[0].task_spec.compute_resource.memory_mib,
            "no machine has so much memory; the largest has \(memoryMiB) MiB")
        return violations.error
    }
}
