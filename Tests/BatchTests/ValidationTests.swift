import Foundation
import Methods
import SwiftProtobuf
import Testing

@testable import Batch

@Suite("Refusing a job")
struct ValidationTests {
    /// A job with one part replaced, and the field that must be named.
    struct Case: CustomTestStringConvertible, Sendable {
        var field: String
        var json: String
        var testDescription: String { "\(field): \(json.prefix(120))" }

        /// Fields of the job beside its task group.
        static func job(_ field: String, _ fields: String) -> Case {
            Case(
                field: "job.\(field)",
                json: "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":[{\"script\":{\"text\":\"true\"}}]}}],\(fields)}")
        }

        /// Fields of the task group beside its spec.
        static func group(_ field: String, _ fields: String) -> Case {
            Case(
                field: "job.task_groups[0].\(field)",
                json: "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":[{\"script\":{\"text\":\"true\"}}]},\(fields)}]}")
        }

        /// Fields of the task spec beside its runnable.
        static func spec(_ field: String, _ fields: String) -> Case {
            Case(
                field: "job.task_groups[0].task_spec.\(field)",
                json: "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":[{\"script\":{\"text\":\"true\"}}],\(fields)}}]}")
        }

        static func runnable(_ field: String, _ runnable: String) -> Case {
            Case(
                field: "job.task_groups[0].task_spec.runnables[0]\(field)",
                json: "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":[\(runnable)]}}]}")
        }

        /// Fields of the first instance policy.
        static func policy(_ field: String, _ fields: String) -> Case {
            job(
                "allocation_policy.instances[0].policy.\(field)",
                "\"allocationPolicy\":{\"instances\":[{\"policy\":{\(fields)}}]}")
        }
    }

    static let invalid: [Case] = [
        Case(field: "job.task_groups", json: "{}"),
        Case(field: "job.task_groups", json: "{\"taskGroups\":[]}"),
        Case(field: "job.task_groups", json: "{\"taskGroups\":[{},{}]}"),
        Case(field: "job.task_groups[0].task_spec", json: "{\"taskGroups\":[{}]}"),
        Case(field: "job.task_groups[0].task_spec.runnables", json: "{\"taskGroups\":[{\"taskSpec\":{}}]}"),
        .job("priority", "\"priority\":100"),
        .job("priority", "\"priority\":-1"),
        .job("labels[\"Big\"]", "\"labels\":{\"Big\":\"x\"}"),
        .job("labels[\"goog-x\"]", "\"labels\":{\"goog-x\":\"x\"}"),
        .job("labels[\"batch-job-id\"]", "\"labels\":{\"batch-job-id\":\"x\"}"),
        .job("labels[\"job_uid\"]", "\"labels\":{\"job_uid\":\"x\"}"),
        .runnable(".labels[\"task_id\"]", "{\"script\":{\"text\":\"true\"},\"labels\":{\"task_id\":\"x\"}}"),
        .job("labels[\"a\"]", "\"labels\":{\"a\":\"Upper\"}"),
        .job("labels", "\"labels\":{\((0..<64).map { "\"k\($0)\":\"\"" }.joined(separator: ","))}"),
        .job("logs_policy.logs_path", "\"logsPolicy\":{\"destination\":\"PATH\",\"logsPath\":\"/mnt/x\"}"),
        .job("logs_policy.logs_path", "\"logsPolicy\":{\"logsPath\":\"/mnt/x\"}"),
        .job("logs_policy.destination", "\"logsPolicy\":{\"destination\":7}"),
        .job(
            "logs_policy.cloud_logging_option.use_generic_task_monitored_resource",
            "\"logsPolicy\":{\"cloudLoggingOption\":{\"useGenericTaskMonitoredResource\":true}}"),
        .job("notifications", "\"notifications\":[{\"pubsubTopic\":\"projects/p/topics/t\"}]"),
        .group("task_count", "\"taskCount\":0"),
        .group("task_count", "\"taskCount\":\"-1\""),
        .group("task_count", "\"taskCount\":100001"),
        .group("parallelism", "\"parallelism\":5001"),
        .group("parallelism", "\"parallelism\":-1"),
        .group("parallelism", "\"parallelism\":2,\"schedulingPolicy\":\"IN_ORDER\""),
        .group("scheduling_policy", "\"schedulingPolicy\":9"),
        .group(
            "task_environments",
            "\"taskEnvironments\":[\((0...200).map { _ in "{}" }.joined(separator: ","))]"),
        .group(
            "task_environments[1].secret_variables",
            "\"taskEnvironments\":[{},{\"secretVariables\":{\"A\":\"projects/p/secrets/s/versions/1\"}}]"),
        .group("task_count_per_node", "\"taskCount\":4,\"taskCountPerNode\":1"),
        .group("task_count_per_node", "\"taskCountPerNode\":-1"),
        .group("require_hosts_file", "\"requireHostsFile\":true"),
        .group("permissive_ssh", "\"permissiveSsh\":true"),
        .spec("compute_resource.cpu_milli", "\"computeResource\":{\"cpuMilli\":-1}"),
        .spec("compute_resource.memory_mib", "\"computeResource\":{\"memoryMib\":\"9223372036854775807\"}"),
        .spec("compute_resource.boot_disk_mib", "\"computeResource\":{\"bootDiskMib\":-5}"),
        .spec("max_run_duration", "\"maxRunDuration\":\"-1s\""),
        .spec("max_run_duration", "\"maxRunDuration\":\"1209600.5s\""),
        .spec("max_retry_count", "\"maxRetryCount\":11"),
        .spec("max_retry_count", "\"maxRetryCount\":-1"),
        .spec("lifecycle_policies", "\"lifecyclePolicies\":[{},{}]"),
        .spec(
            "lifecycle_policies[0].action", "\"lifecyclePolicies\":[{\"actionCondition\":{\"exitCodes\":[1]}}]"),
        .spec(
            "lifecycle_policies[0].action_condition.exit_codes", "\"lifecyclePolicies\":[{\"action\":\"RETRY_TASK\"}]"),
        .spec(
            "lifecycle_policies[0].action_condition.exit_codes[1]",
            "\"lifecyclePolicies\":[{\"action\":\"RETRY_TASK\",\"actionCondition\":{\"exitCodes\":[1,256]}}]"),
        .spec("environments[\"1A\"]", "\"environments\":{\"1A\":\"x\"}"),
        .spec("environment.variables[\"A=B\"]", "\"environment\":{\"variables\":{\"A=B\":\"x\"}}"),
        .spec("environment.variables[\"A\"]", "\"environment\":{\"variables\":{\"A\":\"x\\u0000\"}}"),
        .spec(
            "environment.variables[\"A\"]",
            "\"environment\":{\"variables\":{\"A\":\"\(String(repeating: "x", count: 131_072))\"}}"),
        .spec(
            "environment.secret_variables[\"A\"]",
            "\"environment\":{\"secretVariables\":{\"A\":\"projects/p/secrets/s\"}}"),
        .spec("environment.encrypted_variables", "\"environment\":{\"encryptedVariables\":{\"keyName\":\"k\"}}"),
        .runnable("", "{}"),
        .runnable(".script", "{\"script\":{}}"),
        .runnable(".script.text", "{\"script\":{\"text\":\"\"}}"),
        .runnable(".script.text", "{\"script\":{\"text\":\" \\n\"}}"),
        .runnable(".script.path", "{\"script\":{\"path\":\"bin/run\"}}"),
        Case(
            field: "job.task_groups[0].task_spec.runnables[0].barrier",
            json:
                "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":[{\"barrier\":{}}]},\"taskCount\":2,\"parallelism\":1}]}"
        ),
        .runnable(".timeout", "{\"script\":{\"text\":\"true\"},\"timeout\":\"-3s\"}"),
        .runnable(".labels[\"X\"]", "{\"script\":{\"text\":\"true\"},\"labels\":{\"X\":\"\"}}"),
        .runnable(
            ".display_name",
            "{\"script\":{\"text\":\"true\"},\"displayName\":\"\(String(repeating: "x", count: 257))\"}"),
        .runnable(".display_name", "{\"script\":{\"text\":\"true\"},\"displayName\":\"a\\u0000\"}"),
        Case(
            field: "job.task_groups[0].task_spec.runnables",
            json: "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":["
                + "\((0...1000).map { _ in "{}" }.joined(separator: ","))]}}]}"),
        .job("allocation_policy.instances", "\"allocationPolicy\":{\"instances\":[{},{}]}"),
        .job(
            "allocation_policy.instances[0].instance_template",
            "\"allocationPolicy\":{\"instances\":[{\"instanceTemplate\":\"t\"}]}"),
        .job(
            "allocation_policy.instances[0].install_gpu_drivers",
            "\"allocationPolicy\":{\"instances\":[{\"installGpuDrivers\":true}]}"),
        .job(
            "allocation_policy.instances[0].install_ops_agent",
            "\"allocationPolicy\":{\"instances\":[{\"installOpsAgent\":true}]}"),
        .policy("accelerators", "\"accelerators\":[{\"type\":\"nvidia-l4\",\"count\":1}]"),
        .policy("machine_type", "\"machineType\":\"e2 standard\""),
        .policy("disks[0]", "\"disks\":[{\"deviceName\":\"d\"}]"),
        .policy("min_cpu_platform", "\"minCpuPlatform\":\"Intel Ice Lake\""),
        .policy("reservation", "\"reservation\":\"mine\""),
        .policy("provisioning_model", "\"provisioningModel\":\"FLEX_START\""),
        .policy("boot_disk.image", "\"bootDisk\":{\"image\":\"projects/p/global/images/mine\"}"),
        .policy("boot_disk.snapshot", "\"bootDisk\":{\"snapshot\":\"s\"}"),
        .job(
            "allocation_policy.location.allowed_locations[0]",
            "\"allocationPolicy\":{\"location\":{\"allowedLocations\":[\"regions/europe-west1\"]}}"),
        .job(
            "allocation_policy.location.allowed_locations[1]",
            "\"allocationPolicy\":{\"location\":{\"allowedLocations\":[\"zones/us-central1-a\",\"zones/us-central1-x\"]}}"
        ),
        .job(
            "allocation_policy.location.allowed_locations[0]",
            "\"allocationPolicy\":{\"location\":{\"allowedLocations\":[\"us-central1\"]}}"),
        .job(
            "allocation_policy.network.network_interfaces[0].nic_type",
            "\"allocationPolicy\":{\"network\":{\"networkInterfaces\":[{\"nicType\":77}]}}"),
        .job(
            "allocation_policy.placement.collocation",
            "\"allocationPolicy\":{\"placement\":{\"collocation\":\"NEAR\"}}"),
        .job(
            "allocation_policy.placement.max_distance",
            "\"allocationPolicy\":{\"placement\":{\"maxDistance\":-4}}"),
        .job("allocation_policy.tags[0]", "\"allocationPolicy\":{\"tags\":[\"Big\"]}"),
        .job("allocation_policy.labels[\"batch-node\"]", "\"allocationPolicy\":{\"labels\":{\"batch-node\":\"x\"}}"),
        .job(
            "allocation_policy.service_account.email", "\"allocationPolicy\":{\"serviceAccount\":{\"email\":\"me\"}}"),
    ]

    @Test("Every rule names the field that breaks it, and nothing is stored", arguments: invalid)
    func refuses(_ test: Case) async throws {
        let world = World()
        let error = await #expect(throws: ServiceError.self) { try await world.create(test.json) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == [test.field])
        #expect(error?.message.hasPrefix("Invalid value for '\(test.field)': ") == true)
        #expect(await world.jobs.records.isEmpty)
    }

    static let valid: [Case] = [
        .job("", "\"priority\":99"),
        .job("", "\"labels\":{\"job-id\":\"a\",\"user_1\":\"\"}"),
        .group("", "\"taskCount\":100000"),
        .group("", "\"parallelism\":5000"),
        .group("", "\"schedulingPolicy\":\"IN_ORDER\",\"parallelism\":1"),
        .group("", "\"taskCountPerNode\":1"),
        .group("", "\"taskEnvironments\":[\((0..<200).map { _ in "{}" }.joined(separator: ","))]"),
        .spec("", "\"maxRunDuration\":\"1209600s\",\"maxRetryCount\":10"),
        .spec("", "\"maxRunDuration\":\"0s\""),
        .spec(
            "",
            "\"lifecyclePolicies\":[{\"action\":\"FAIL_TASK\",\"actionCondition\":{\"exitCodes\":[1,50001]}}]"),
        .spec("", "\"environments\":{\"_a.b-C1\":\"\"}"),
        .runnable("", "{\"script\":{\"path\":\"/opt/run\"},\"background\":true,\"alwaysRun\":true}"),
        .runnable("", "{\"barrier\":{\"name\":\"all\"}}"),
        .policy("", "\"machineType\":\"n2-standard-4\",\"provisioningModel\":\"SPOT\""),
        .policy("", "\"bootDisk\":{\"image\":\"batch-debian\",\"type\":\"pd-ssd\",\"sizeGb\":50}"),
        .job(
            "",
            """
            "allocationPolicy":{"location":{"allowedLocations":["regions/us-central1","zones/us-central1-f"]},"tags":["a"],
            "network":{"networkInterfaces":[{"network":"global/networks/default","noExternalIpAddress":true}]},
            "labels":{"team":"x"},"placement":{"collocation":"COLLOCATED"}}
            """),
    ]

    @Test("What the rules allow is accepted and shown again", arguments: valid)
    func accepts(_ test: Case) async throws {
        let world = World()
        let job = try await world.create(test.json)
        #expect(await world.jobs.records.count == 1)
        let asked = try Wire.Job(jsonString: test.json)
        #expect(job.priority == asked.priority)
        #expect(job.labels == asked.labels)
        #expect(job.allocationPolicy.instances == asked.allocationPolicy.instances)
        #expect(job.allocationPolicy.network == asked.allocationPolicy.network)
        #expect(job.taskGroups.first?.taskSpec.runnables == asked.taskGroups.first?.taskSpec.runnables)
    }

    @Test("All mistakes are reported together")
    func together() async throws {
        let json = """
            {"priority":"500","taskGroups":[{"taskCount":"0","taskSpec":{"runnables":[{"script":{"text":""}}]}}]}
            """
        let error = await #expect(throws: ServiceError.self) {
            try await World().create(json, id: "Hello", requestID: "00000000-0000-0000-0000-000000000000")
        }
        #expect(
            error?.fields == [
                "job_id", "request_id", "job.priority", "job.task_groups[0].task_count",
                "job.task_groups[0].task_spec.runnables[0].script.text",
            ])
        #expect(error?.message.hasPrefix("Invalid values for 5 fields: 'job_id': must be 1 to 63") == true)
    }

    @Test("An error stays small enough for a gRPC header, whatever is wrong")
    func bounded() async throws {
        let long = String(repeating: "x", count: 5000)
        let runnables = (0..<500).map { _ in "{\"script\":{\"path\":\"\(long)\"}}" }.prefix(100).joined(separator: ",")
        let json = "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":[\(runnables)]}}]}"
        let error = try #require(await #expect(throws: ServiceError.self) { try await World().create(json) })
        let details = try error.details.reduce(0) { try $0 + $1.serializedData().count }
        #expect(error.message.utf8.count + details * 4 / 3 < 7000)
        #expect(error.message.contains("and 88 more"))
    }

    @Test("A definition of more than 1 MiB is refused")
    func size() async throws {
        let json =
            "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":[{\"script\":{\"text\":\"\(String(repeating: "x", count: 1 << 20))\"}}]}}]}"
        let error = await #expect(throws: ServiceError.self) { try await World().create(json) }
        #expect(error?.fields == ["job"])
    }

    @Test(
        "Job ids follow the rule of the Batch API",
        arguments: [
            ("a", true), ("a-b", true), ("a1", true), (String(repeating: "a", count: 63), true),
            (String(repeating: "a", count: 64), false), ("1a", false), ("-a", false), ("a-", false), ("A", false),
            ("a_b", false), ("ä", false), ("", false),
        ])
    func jobIDs(_ id: String, _ isValid: Bool) { #expect(JobID.isValid(id) == isValid) }

    @Test("A request id must be a UUID", arguments: ["x", "1234", "00000000-0000-0000-0000-000000000000"])
    func requestIDs(_ id: String) async throws {
        let error = await #expect(throws: ServiceError.self) { try await World().create(requestID: id) }
        #expect(error?.fields == ["request_id"])
    }
}
