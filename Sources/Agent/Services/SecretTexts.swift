import FoundationEssentials
import Sandbox
import Workload

/// Secrets as the values of variables.
struct SecretTexts: Sendable {
    let values: [SecretReference: Data]

    /// - Throws: `SandboxError` for a secret that is not there, is no text, or has a NUL in it.
    func variables(_ references: [String: SecretReference]) throws -> [String: String] {
        try references.mapValues { reference in
            guard let value = values[reference] else { throw SandboxError("there is no secret \(reference.path)") }
            guard !value.contains(0), let text = String(validating: value, as: UTF8.self) else {
                throw SandboxError("the secret \(reference.path) is not a text, and cannot be the value of a variable")
            }
            return text
        }
    }
}
