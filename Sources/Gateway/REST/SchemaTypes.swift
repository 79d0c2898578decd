import Schema
import SwiftProtobuf

/// The messages that travel inside a google.protobuf.Any: results and metadata of operations, error
/// details, and audit entries.
///
/// swift-protobuf can write an Any as JSON only when it knows the type inside.
public enum SchemaTypes {
    /// Makes them known to swift-protobuf. Calling it again changes nothing.
    public static func register() { registered }

    private static let registered: Void = {
        for type in errorDetails + operations + logEntries { Google_Protobuf_Any.register(messageType: type) }
    }()

    private static let errorDetails: [any Message.Type] = [
        Google_Rpc_BadRequest.self,
        Google_Rpc_DebugInfo.self,
        Google_Rpc_ErrorInfo.self,
        Google_Rpc_Help.self,
        Google_Rpc_LocalizedMessage.self,
        Google_Rpc_PreconditionFailure.self,
        Google_Rpc_QuotaFailure.self,
        Google_Rpc_RequestInfo.self,
        Google_Rpc_ResourceInfo.self,
        Google_Rpc_RetryInfo.self,
    ]

    private static let logEntries: [any Message.Type] = [Google_Cloud_Audit_AuditLog.self]

    private static let operations: [any Message.Type] = [
        Google_Api_Serviceusage_V1_BatchEnableServicesResponse.self,
        Google_Api_Serviceusage_V1_DisableServiceResponse.self,
        Google_Api_Serviceusage_V1_EnableServiceResponse.self,
        Google_Api_Serviceusage_V1_OperationMetadata.self,
        Google_Cloud_Batch_V1_CancelJobResponse.self,
        Google_Cloud_Batch_V1_Job.self,
        Google_Cloud_Batch_V1_OperationMetadata.self,
        Google_Cloud_Resourcemanager_V1_Project.self,
        Google_Cloud_Resourcemanager_V1_ProjectCreationStatus.self,
        Google_Cloud_Resourcemanager_V3_CreateProjectMetadata.self,
        Google_Cloud_Resourcemanager_V3_DeleteProjectMetadata.self,
        Google_Cloud_Resourcemanager_V3_Project.self,
        Google_Cloud_Resourcemanager_V3_UndeleteProjectMetadata.self,
        Google_Cloud_Resourcemanager_V3_UpdateProjectMetadata.self,
        Google_Devtools_Artifactregistry_V1_BatchDeleteVersionsMetadata.self,
        Google_Devtools_Artifactregistry_V1_OperationMetadata.self,
        Google_Devtools_Artifactregistry_V1_Repository.self,
        Google_Cloud_Run_V2_Execution.self,
        Google_Cloud_Run_V2_Job.self,
        Google_Iam_Admin_V1_WorkforcePool.self,
        Google_Iam_Admin_V1_WorkforcePoolOperationMetadata.self,
        Google_Iam_Admin_V1_WorkforcePoolProvider.self,
        Google_Iam_V1_WorkloadIdentityPool.self,
        Google_Iam_V1_WorkloadIdentityPoolOperationMetadata.self,
        Google_Iam_V1_WorkloadIdentityPoolProvider.self,
        Google_Protobuf_Empty.self,
        Google_Protobuf_Struct.self,
    ]
}
