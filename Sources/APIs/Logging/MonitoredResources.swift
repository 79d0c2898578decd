import Schema

/// The types of resources that logs here are about.
enum MonitoredResources {
    static let all: [Google_Api_MonitoredResourceDescriptor] = [
        descriptor(
            "batch.googleapis.com/Job", "Batch Job", "A job of the Batch API.",
            [
                ("resource_container", "The project of the job."),
                ("location", "The region of the job."),
                ("job_id", "The name of the job."),
            ]),
        descriptor(
            "generic_task", "Generic Task", "A task of which no more specific type is known.",
            [
                ("project_id", "The project of the task."),
                ("location", "Where the task runs."),
                ("namespace", "What the job's name is unique in."),
                ("job", "The job that the task belongs to."),
                ("task_id", "The task, unique in its job."),
            ]),
        descriptor(
            "audited_resource", "Audited Resource", "What a call was about, where no more specific type is known.",
            [
                ("project_id", "The project of the resource."),
                ("service", "The service that was called."),
                ("method", "The method that was called."),
            ]),
        descriptor("project", "Project", "A project.", [("project_id", "The project's id.")]),
        descriptor("folder", "Folder", "A folder.", [("folder_id", "The folder's number.")]),
        descriptor(
            "organization", "Organization", "An organization.", [("organization_id", "The organization's number.")]),
        descriptor(
            "service_account", "Service Account", "A service account.",
            [
                ("project_id", "The project of the account."),
                ("email_id", "The account's e-mail address."),
                ("unique_id", "The account's unique id."),
            ]),
        descriptor(
            "global", "Global", "Anything that no other type describes.", [("project_id", "The project.")]),
    ]

    private static func descriptor(
        _ type: String, _ title: String, _ description: String, _ labels: [(key: String, text: String)]
    ) -> Google_Api_MonitoredResourceDescriptor {
        .with {
            $0.type = type
            $0.displayName = title
            $0.description_p = description
            $0.labels = labels.map { label in
                .with {
                    $0.key = label.key
                    $0.description_p = label.text
                }
            }
        }
    }
}
