import Requests
import Schema
import Store
import SwiftProtobuf

/// Turns operations into the messages that clients read.
enum OperationRendering {
    /// A finished operation carries a response: clients that wait for one fail without.
    static func message(_ record: OperationRecord) throws -> Wire.Operation {
        let metadata = Google_Cloud_Batch_V1_OperationMetadata.with {
            $0.createTime = Timestamps.message(record.createdAt)
            if let end = record.endedAt { $0.endTime = Timestamps.message(end) }
            $0.target = record.target.path
            $0.verb = record.verb.rawValue
            $0.apiVersion = "v1"
        }
        return try .with {
            $0.name = record.name
            $0.metadata = try Google_Protobuf_Any(message: metadata)
            guard record.endedAt != nil else { return }
            $0.done = true
            switch record.verb {
            case .delete: $0.response = try Google_Protobuf_Any(message: Google_Protobuf_Empty())
            case .cancel: $0.response = try Google_Protobuf_Any(message: Google_Cloud_Batch_V1_CancelJobResponse())
            }
        }
    }
}
