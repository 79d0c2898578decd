import Schema

/// Short names for the messages of `google.cloud.run.v1`, the Knative-style surface.
enum V1 {
    typealias Job = Google_Cloud_Run_V1_Job
    typealias Execution = Google_Cloud_Run_V1_Execution
    typealias Task = Google_Cloud_Run_V1_Task
    typealias ObjectMeta = Google_Cloud_Run_V1_ObjectMeta
    typealias TaskSpec = Google_Cloud_Run_V1_TaskSpec
    typealias Container = Google_Cloud_Run_V1_Container
    typealias Volume = Google_Cloud_Run_V1_Volume
    typealias EnvVar = Google_Cloud_Run_V1_EnvVar
    typealias Condition = Google_Cloud_Run_V1_Condition
    typealias Overrides = Google_Cloud_Run_V1_Overrides
    typealias Status = Google_Cloud_Run_V1_Status
    typealias ListMeta = Google_Cloud_Run_V1_ListMeta
}

/// Short names for the messages of `google.cloud.run.v2`. What is kept of jobs and executions is kept in these.
enum V2 {
    typealias Job = Google_Cloud_Run_V2_Job
    typealias Execution = Google_Cloud_Run_V2_Execution
    typealias Task = Google_Cloud_Run_V2_Task
    typealias ExecutionTemplate = Google_Cloud_Run_V2_ExecutionTemplate
    typealias TaskTemplate = Google_Cloud_Run_V2_TaskTemplate
    typealias Container = Google_Cloud_Run_V2_Container
    typealias EnvVar = Google_Cloud_Run_V2_EnvVar
    typealias Volume = Google_Cloud_Run_V2_Volume
    typealias Condition = Google_Cloud_Run_V2_Condition
    typealias Overrides = Google_Cloud_Run_V2_RunJobRequest.Overrides
    typealias Operation = Google_Longrunning_Operation
}
