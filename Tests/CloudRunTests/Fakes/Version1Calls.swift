import Foundation
import Schema
import SwiftProtobuf

@testable import CloudRun

/// The methods of v1.
extension World {
    private static let base = "google.cloud.run.v1"

    @discardableResult
    func createV1(_ json: String, in namespace: String = "demo") async throws -> V1.Job {
        let request = try Google_Cloud_Run_V1_CreateJobRequest.with {
            $0.parent = "namespaces/\(namespace)"
            $0.job = try V1.Job(jsonString: json)
        }
        return try await call("\(Self.base).Jobs.CreateJob", request, as: V1.Job.self)
    }

    func jobV1(_ id: String = "report", in namespace: String = "demo") async throws -> V1.Job {
        try await call(
            "\(Self.base).Jobs.GetJob",
            Google_Cloud_Run_V1_GetJobRequest.with { $0.name = "namespaces/\(namespace)/jobs/\(id)" }, as: V1.Job.self)
    }

    func replaceV1(_ job: V1.Job) async throws -> V1.Job {
        try await call(
            "\(Self.base).Jobs.ReplaceJob",
            Google_Cloud_Run_V1_ReplaceJobRequest.with {
                $0.name = "namespaces/demo/jobs/\(job.metadata.name)"
                $0.job = job
            }, as: V1.Job.self)
    }

    func jobsV1(_ selector: String = "", limit: Int32 = 0, continue token: String = "") async throws
        -> Google_Cloud_Run_V1_ListJobsResponse
    {
        try await call(
            "\(Self.base).Jobs.ListJobs",
            Google_Cloud_Run_V1_ListJobsRequest.with {
                $0.parent = "namespaces/demo"
                $0.labelSelector = selector
                $0.limit = limit
                $0.continue = token
            }, as: Google_Cloud_Run_V1_ListJobsResponse.self)
    }

    func deleteV1(_ id: String = "report", force: Bool = false) async throws -> V1.Status {
        try await call(
            "\(Self.base).Jobs.DeleteJob",
            Google_Cloud_Run_V1_DeleteJobRequest.with {
                $0.name = "namespaces/demo/jobs/\(id)"
                $0.force = force
            }, as: V1.Status.self)
    }

    func runV1(_ id: String = "report", overrides: String = "{}") async throws -> V1.Execution {
        let request = try Google_Cloud_Run_V1_RunJobRequest.with {
            $0.name = "namespaces/demo/jobs/\(id)"
            $0.overrides = try V1.Overrides(jsonString: overrides)
        }
        return try await call("\(Self.base).Jobs.RunJob", request, as: V1.Execution.self)
    }

    func executionV1(_ id: String) async throws -> V1.Execution {
        try await call(
            "\(Self.base).Executions.GetExecution",
            Google_Cloud_Run_V1_GetExecutionRequest.with { $0.name = "namespaces/demo/executions/\(id)" },
            as: V1.Execution.self)
    }

    func executionsV1(_ selector: String = "", limit: Int32 = 0, continue token: String = "") async throws
        -> Google_Cloud_Run_V1_ListExecutionsResponse
    {
        try await call(
            "\(Self.base).Executions.ListExecutions",
            Google_Cloud_Run_V1_ListExecutionsRequest.with {
                $0.parent = "namespaces/demo"
                $0.labelSelector = selector
                $0.limit = limit
                $0.continue = token
            }, as: Google_Cloud_Run_V1_ListExecutionsResponse.self)
    }

    func cancelV1(_ id: String) async throws -> V1.Execution {
        try await call(
            "\(Self.base).Executions.CancelExecution",
            Google_Cloud_Run_V1_CancelExecutionRequest.with { $0.name = "namespaces/demo/executions/\(id)" },
            as: V1.Execution.self)
    }

    func tasksV1(_ selector: String = "", limit: Int32 = 0, continue token: String = "") async throws
        -> Google_Cloud_Run_V1_ListTasksResponse
    {
        try await call(
            "\(Self.base).Tasks.ListTasks",
            Google_Cloud_Run_V1_ListTasksRequest.with {
                $0.parent = "namespaces/demo"
                $0.labelSelector = selector
                $0.limit = limit
                $0.continue = token
            }, as: Google_Cloud_Run_V1_ListTasksResponse.self)
    }

    func taskV1(_ id: String) async throws -> V1.Task {
        try await call(
            "\(Self.base).Tasks.GetTask",
            Google_Cloud_Run_V1_GetTaskRequest.with { $0.name = "namespaces/demo/tasks/\(id)" }, as: V1.Task.self)
    }

    /// A job of v1 with one container and what else a test says.
    static func jobV1(
        _ id: String = "report", metadata: String = "", annotations: String = "", task: String = "",
        container: String = ""
    ) -> String {
        """
        {"apiVersion":"run.googleapis.com/v1","kind":"Job","metadata":{\(metadata)"name":"\(id)"},"spec":{"template":{
        "metadata":{"annotations":{\(annotations)}},"spec":{"template":{"spec":{\(task)
        "containers":[{\(container)"image":"busybox"}]}}}}},"status":{"latestCreatedExecution":{}}}
        """
    }
}
