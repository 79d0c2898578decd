import Access
import Dispatcher
import Methods
import Requests
import Store
import Workload

/// The words in which Cloud Run refuses.
enum Refusals {
    /// A caller without the permission of a method; in v1 of a `namespaces/…`, as the request named it.
    @Sendable static func permissionDenied(_ denial: Denial) -> ServiceError {
        permissionDenied(denial, on: denial.resource.path)
    }

    static func permissionDenied(_ denial: Denial, on name: String) -> ServiceError {
        .permissionDenied(
            denial,
            message: "Permission '\(denial.permission.shortName)' denied on resource '\(name)' "
                + "(or resource may not exist).")
    }

    /// What kind of thing is missing.
    enum Kind: String {
        case job = "JOB"
        case execution = "EXECUTION"
        case task = "TASK"
    }

    static func missing(_ kind: Kind, _ id: String, in place: Place) -> ServiceError {
        .notFound(
            "Resource '\(id.excerpt)' of kind '\(kind.rawValue)' in region '\(place.region)' in project "
                + "'\(place.project)' does not exist.")
    }

    static func exists(_ id: String) -> ServiceError { .alreadyExists("Resource '\(id)' already exists.") }

    /// What a failure on the way to the engine, or of it, means to whoever asked for an execution. Other errors pass as
    /// they are.
    static func from(_ error: any Error, about id: String, _ fields: DefinitionFields) -> any Error {
        switch error {
        case StoreError.alreadyExists:
            exists(id)
        case is VariableExpansion.TooLong:
            ServiceError.invalidArgument(
                "Invalid value for '\(fields.container(0).args)': with the values of its variables put in, the command "
                    + "is longer than can be started: \(VariableExpansion.longestWord) bytes in a word, "
                    + "\(VariableExpansion.mostBytes) in all.",
                field: fields.container(0).args.description)
        case ExecutionLoweringError.unsupportedVolume:
            ServiceError.failedPrecondition(
                "A volume of the job is no longer open on this machine: 'landfall up' opened it with --share, --nfs or "
                    + "--bucket when the job was written.")
        case EngineError.tooLarge(let memoryMiB):
            ServiceError.invalidArgument(
                "Invalid value for '\(fields.container(0).resources.limits["memory"])': no machine has so much memory; "
                    + "the largest has \(memoryMiB) MiB.",
                field: fields.container(0).resources.limits["memory"].description)
        default:
            error
        }
    }
}
