import Schema

/// Short names for the messages of `google.cloud.batch.v1`.
enum Wire {
    typealias Job = Google_Cloud_Batch_V1_Job
    typealias JobStatus = Google_Cloud_Batch_V1_JobStatus
    typealias TaskGroup = Google_Cloud_Batch_V1_TaskGroup
    typealias TaskSpec = Google_Cloud_Batch_V1_TaskSpec
    typealias Runnable = Google_Cloud_Batch_V1_Runnable
    typealias Volume = Google_Cloud_Batch_V1_Volume
    typealias NFS = Google_Cloud_Batch_V1_NFS
    typealias Environment = Google_Cloud_Batch_V1_Environment
    typealias LifecyclePolicy = Google_Cloud_Batch_V1_LifecyclePolicy
    typealias ComputeResource = Google_Cloud_Batch_V1_ComputeResource
    typealias AllocationPolicy = Google_Cloud_Batch_V1_AllocationPolicy
    typealias ServiceAccount = Google_Cloud_Batch_V1_ServiceAccount
    typealias LogsPolicy = Google_Cloud_Batch_V1_LogsPolicy
    typealias Task = Google_Cloud_Batch_V1_Task
    typealias TaskStatus = Google_Cloud_Batch_V1_TaskStatus
    typealias StatusEvent = Google_Cloud_Batch_V1_StatusEvent
    typealias Operation = Google_Longrunning_Operation
}
