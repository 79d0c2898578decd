import FoundationEssentials

/// Where people read what an execution printed: the address of the Logs Explorer with the query that selects it.
enum LogLink {
    /// - Parameter task: the index of the task whose lines are meant; nil for all.
    static func text(_ execution: ExecutionState, task: Int? = nil, in place: Place) -> String {
        var query = """
            resource.type="cloud_run_job"
            resource.labels.job_name="\(execution.job)"
            resource.labels.location="\(place.region)"
            labels."run.googleapis.com/execution_name"="\(execution.id)"
            """
        if let task { query += "\nlabels.\"run.googleapis.com/task_index\"=\"\(task)\"" }
        return "https://console.cloud.google.com/logs/viewer?project=\(place.project)&advancedFilter=\(escaped(query))"
    }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII, scalar.properties.isAlphabetic || (48...57).contains(byte) || "-_.~".utf8.contains(byte)
            {
                result.unicodeScalars.append(scalar)
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
