import Requests

/// Where the parts of a job's definition stand in a request: the two versions of the API nest and name them differently.
struct DefinitionFields: Sendable {
    /// Whose words are used.
    enum Version: Sendable { case v1, v2 }

    let version: Version

    static let version1 = DefinitionFields(version: .v1)
    static let version2 = DefinitionFields(version: .v2)

    private func pick(_ first: FieldPath, _ second: FieldPath) -> FieldPath { version == .v1 ? first : second }

    /// What holds the job's labels and annotations.
    var job: FieldPath { pick(FieldPath("job").metadata, FieldPath("job")) }
    /// What holds the executions' labels and annotations.
    var template: FieldPath { pick(FieldPath("job").spec.template.metadata, FieldPath("job").template) }
    /// What holds the number of tasks.
    var execution: FieldPath { pick(FieldPath("job").spec.template.spec, FieldPath("job").template) }
    /// What holds the containers.
    var task: FieldPath {
        pick(FieldPath("job").spec.template.spec.template.spec, FieldPath("job").template.template)
    }
    /// What holds the tokens that start an execution with a change of the job.
    var tokens: FieldPath { pick(FieldPath("job").spec, FieldPath("job")) }

    var timeout: FieldPath { pick(task.timeout_seconds, task.timeout) }
    var serviceAccount: FieldPath { pick(task.service_account_name, task.service_account) }
    func container(_ index: Int) -> FieldPath { task.containers[index] }

    /// The name of the secret of a variable.
    func secret(ofVariable field: FieldPath) -> FieldPath {
        pick(field.value_from.secret_key_ref.name, field.value_source.secret_key_ref.secret)
    }

    /// The name of the secret of a volume.
    func secret(ofVolume field: FieldPath) -> FieldPath { pick(field.secret.secret_name, field.secret.secret) }

    /// A setting that is an annotation in v1.
    func setting(_ annotation: String, _ field: FieldPath) -> FieldPath {
        pick(template.annotations[annotation], field)
    }
}
