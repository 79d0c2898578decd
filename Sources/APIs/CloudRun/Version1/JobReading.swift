import Methods
import Requests
import Schema
import SwiftProtobuf

extension Version1 {
    /// Reads what a request of v1 says of a job. Annotations that are fields in v2 become those; what Cloud Run says itself
    /// of a job, and clients send back, is left out.
    struct JobReading {
        private static let cloudSQL = "run.googleapis.com/cloudsql-instances"
        private static let encryptionKey = "run.googleapis.com/encryption-key"
        private static let binaryAuthorization = [
            "run.googleapis.com/binary-authorization", "run.googleapis.com/binary-authorization-breakglass",
        ]
        private static let network = [
            "run.googleapis.com/network-interfaces", "run.googleapis.com/vpc-access-connector",
            "run.googleapis.com/vpc-access-egress",
        ]
        private static let outputs: Set = [
            ReservedKeys.location, ReservedKeys.job, ReservedKeys.jobUID, ReservedKeys.jobGeneration,
            ReservedKeys.jobResourceVersion, ReservedKeys.execution, ReservedKeys.lastUpdatedTime,
            ReservedKeys.runningState, ReservedKeys.creator, ReservedKeys.lastModifier, ReservedKeys.operationID,
            "run.googleapis.com/satisfiesPzs", "serving.knative.dev/creator", "serving.knative.dev/lastModifier",
        ]

        private let fields = DefinitionFields.version1
        private var violations = Violations()

        /// - Throws: `INVALID_ARGUMENT` for what has no counterpart.
        static func definition(_ job: V1.Job) throws -> V2.Job {
            var reading = JobReading()
            let definition = reading.read(job)
            try reading.violations.check()
            return definition
        }

        private mutating func read(_ job: V1.Job) -> V2.Job {
            var definition = V2.Job()
            definition.labels = job.metadata.labels.filter { !Self.outputs.contains($0.key) }
            var annotations = job.metadata.annotations.filter { !Self.outputs.contains($0.key) }
            definition.client = annotations.removeValue(forKey: ReservedKeys.clientName) ?? ""
            definition.clientVersion = annotations.removeValue(forKey: ReservedKeys.clientVersion) ?? ""
            if let stage = annotations.removeValue(forKey: ReservedKeys.launchStage) {
                definition.launchStage = launchStage(stage)
            }
            for key in Self.binaryAuthorization where annotations.removeValue(forKey: key) != nil {
                violations.addUnsupported(fields.job.annotations[key], Unsupported.binaryAuthorization)
            }
            definition.annotations = annotations
            if !job.spec.startExecutionToken.isEmpty, !job.spec.runExecutionToken.isEmpty {
                violations.add(fields.tokens.run_execution_token, "cannot be set together with start_execution_token")
            } else if !job.spec.startExecutionToken.isEmpty {
                definition.startExecutionToken = job.spec.startExecutionToken
            } else if !job.spec.runExecutionToken.isEmpty {
                definition.runExecutionToken = job.spec.runExecutionToken
            }
            definition.template = template(job.spec.template)
            return definition
        }

        private mutating func launchStage(_ text: String) -> Google_Api_LaunchStage {
            switch text {
            case "GA": return .ga
            case "BETA": return .beta
            case "ALPHA": return .alpha
            default:
                violations.add(fields.job.annotations[ReservedKeys.launchStage], "must be GA, BETA or ALPHA")
                return .unspecified
            }
        }

        private mutating func template(_ template: Google_Cloud_Run_V1_ExecutionTemplateSpec) -> V2.ExecutionTemplate {
            var result = V2.ExecutionTemplate()
            result.labels = template.metadata.labels.filter { !Self.outputs.contains($0.key) }
            result.parallelism = template.spec.parallelism
            result.taskCount = template.spec.taskCount
            if template.spec.hasTaskCount, template.spec.taskCount < 1 {
                violations.add(fields.execution.task_count, "must be at least 1, but is \(template.spec.taskCount)")
            }
            var annotations = template.metadata.annotations.filter { !Self.outputs.contains($0.key) }
            let aliases = secretAliases(annotations.removeValue(forKey: ReservedKeys.secrets))
            var tasks = TaskReading(fields: fields, aliases: aliases)
            result.template = tasks.read(template.spec.template.spec)
            violations.merge(tasks.violations)
            read(&annotations, into: &result.template)
            result.annotations = annotations
            return result
        }

        private mutating func read(_ annotations: inout [String: String], into task: inout V2.TaskTemplate) {
            for key in [ReservedKeys.clientName, ReservedKeys.clientVersion] { annotations[key] = nil }
            if let environment = annotations.removeValue(forKey: ReservedKeys.executionEnvironment) {
                task.executionEnvironment = environment == "gen1" ? .gen1 : .gen2
            }
            if let key = annotations.removeValue(forKey: Self.encryptionKey) { task.encryptionKey = key }
            for key in Self.network where annotations.removeValue(forKey: key) != nil {
                violations.addUnsupported(fields.template.annotations[key], Unsupported.network)
            }
            if annotations.removeValue(forKey: Self.cloudSQL) != nil {
                violations.addUnsupported(
                    fields.template.annotations[Self.cloudSQL], "there is no Cloud SQL to connect to")
            }
        }

        /// `alias:projects/P/secrets/S,…` (Cloud Run, secrets of other projects).
        private mutating func secretAliases(_ text: String?) -> [String: String] {
            var aliases: [String: String] = [:]
            for part in (text ?? "").split(separator: ",") {
                let sides = part.split(separator: ":", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
                guard sides.count == 2, SecretName(sides[1])?.project != nil else {
                    violations.add(
                        fields.template.annotations[ReservedKeys.secrets],
                        "must be a list of ALIAS:projects/PROJECT/secrets/SECRET")
                    continue
                }
                aliases[sides[0]] = sides[1]
            }
            return aliases
        }
    }
}
