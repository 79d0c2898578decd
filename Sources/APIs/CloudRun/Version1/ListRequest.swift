import Methods
import Schema

/// What the three lists of v1 have in common.
protocol Version1ListRequest: Sendable {
    var parent: String { get }
    var `continue`: String { get }
    var fieldSelector: String { get }
    var includeUninitialized: Bool { get }
    var labelSelector: String { get }
    var limit: Int32 { get }
    var resourceVersion: String { get }
    var watch: Bool { get }
}

extension Google_Cloud_Run_V1_ListJobsRequest: Version1ListRequest {}
extension Google_Cloud_Run_V1_ListExecutionsRequest: Version1ListRequest {}
extension Google_Cloud_Run_V1_ListTasksRequest: Version1ListRequest {}

extension Version1ListRequest {
    /// What Cloud Run does not support, and neither does Landfall.
    ///
    /// - Throws: `INVALID_ARGUMENT` that names the parameter.
    func checkParameters() throws {
        let refused = [
            ("field_selector", !fieldSelector.isEmpty), ("watch", watch),
            ("include_uninitialized", includeUninitialized), ("resource_version", !resourceVersion.isEmpty),
        ]
        for (name, isUsed) in refused where isUsed {
            throw ServiceError.invalidArgument("'\(name)' is not supported.", field: name)
        }
        guard limit >= 0 else {
            throw ServiceError.invalidArgument("'limit' must not be negative, but is \(limit).", field: "limit")
        }
    }

    /// How many items at most.
    func size(atMost most: Int) -> Int { limit == 0 ? most : min(Int(limit), most) }
}
