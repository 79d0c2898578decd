import Methods
import Requests
import Schema
import SwiftProtobuf

extension Version1 {
    /// Reads what an execution is to have otherwise than its job.
    ///
    /// - Throws: `INVALID_ARGUMENT` for what has no counterpart.
    static func overrides(_ overrides: V1.Overrides) throws -> V2.Overrides {
        var reading = TaskReading(fields: .version1, aliases: [:])
        var result = V2.Overrides()
        result.taskCount = overrides.taskCount
        if overrides.timeoutSeconds != 0 {
            result.timeout = Google_Protobuf_Duration(seconds: Int64(overrides.timeoutSeconds))
        }
        let field = FieldPath("overrides").container_overrides
        for (index, override) in overrides.containerOverrides.enumerated() {
            var container = V2.Overrides.ContainerOverride()
            container.name = override.name
            container.args = override.args
            container.clearArgs_p = override.clearArgs_p
            container.env = override.env.enumerated().map { reading.variable($1, at: field[index].env[$0]) }
            result.containerOverrides.append(container)
        }
        try reading.violations.check()
        return result
    }
}
