import Foundation
import Testing

@Suite("A job that cannot be", .needsRoot)
struct BadJobTests {
    /// A job with one part of `Stranger.good` replaced.
    private static func job(group: String = "", spec: String = "", runnable: String = "", rest: String = "") -> String {
        let runnables =
            runnable.hasPrefix("=") ? String(runnable.dropFirst()) : #"{"script":{"text":"true"}\#(runnable)}"#
        return #"{"taskGroups":[{"taskSpec":{"runnables":[\#(runnables)]\#(spec)}\#(group)}]\#(rest)}"#
    }

    private static func policy(_ policy: String) -> String { job(rest: #","allocationPolicy":{\#(policy)}"#) }

    private static func instance(_ instance: String) -> String { policy(#""instances":[{\#(instance)}]"#) }

    private static let runnable = "job.task_groups[0].task_spec.runnables[0]"

    @Test("is refused with what is wrong and where, and nothing is created")
    func outOfRange() async throws {
        let cases: [(body: String, field: String)] = [
            (Self.job(group: #","bogus":1"#), "job.task_groups[0]"),
            (Self.job(runnable: #","script2":{}"#), Self.runnable),
            (Self.job(group: #","taskCount":"many""#), "job.task_groups[0].task_count"),
            (Self.job(group: #","taskCount":1.5"#), "job.task_groups[0].task_count"),
            (Self.job(group: #","taskCount":1e400"#), "job.task_groups[0].task_count"),
            (Self.job(group: #","taskCount":9223372036854775808"#), "job.task_groups[0].task_count"),
            (Self.job(group: #","taskCount":0"#), "job.task_groups[0].task_count"),
            (Self.job(group: #","taskCount":-1"#), "job.task_groups[0].task_count"),
            (Self.job(group: #","taskCount":100001"#), "job.task_groups[0].task_count"),
            (Self.job(group: #","parallelism":5001"#), "job.task_groups[0].parallelism"),
            (Self.job(group: #","runAsNonRoot":"yes""#), "job.task_groups[0].run_as_non_root"),
            (Self.job(group: #","schedulingPolicy":"RANDOM""#), "job.task_groups[0].scheduling_policy"),
            (Self.job(group: #","schedulingPolicy":99"#), "job.task_groups[0].scheduling_policy"),
            (Self.job(rest: #","priority":100"#), "job.priority"),
            (Self.job(rest: #","taskGroups":[]"#), "job"),
            (Self.job(rest: #","labels":{"A":"b"}"#), #"job.labels["A"]"#),
            (Self.job(rest: #","createTime":"2020-13-01T00:00:00Z""#), "job.create_time"),
            (Self.job(spec: #","maxRetryCount":11"#), "job.task_groups[0].task_spec.max_retry_count"),
            (Self.job(spec: #","maxRunDuration":"1h""#), "job.task_groups[0].task_spec.max_run_duration"),
            (Self.job(spec: #","maxRunDuration":"-1s""#), "job.task_groups[0].task_spec.max_run_duration"),
            (Self.job(spec: #","maxRunDuration":"999999999999s""#), "job.task_groups[0].task_spec.max_run_duration"),
            (Self.job(runnable: #"={"script":{"text":""}}"#), Self.runnable + ".script.text"),
            (Self.job(runnable: #"={"script":{"text":" \n"}}"#), Self.runnable + ".script.text"),
            (Self.job(runnable: #"={"script":{"text":"a\u0000b"}}"#), Self.runnable + ".script.text"),
            (Self.job(runnable: #"={"script":{"text":"a","path":"/a"}}"#), Self.runnable + ".script"),
            (
                Self.job(runnable: "=" + (0...1000).map { _ in #"{"script":{"text":"a"}}"# }.joined(separator: ",")),
                "job.task_groups[0].task_spec.runnables"
            ),
            (
                Self.job(runnable: #"={"script":{"text":"\#(String(repeating: "x", count: 1_500_000))"}}"#), "job"
            ),
            (Self.policy(#""placement":{"maxDistance":-1}"#), "job.allocation_policy.placement.max_distance"),
        ]
        try await refuse(cases)
    }

    @Test("is refused by the name of every field that is not served")
    func unsupported() async throws {
        let spec = "job.task_groups[0].task_spec"
        let instance = "job.allocation_policy.instances[0]"
        let cases: [(body: String, field: String)] = [
            (
                Self.job(runnable: #"={"container":{"imageUri":"busybox","options":"--gpus all"}}"#),
                Self.runnable + ".container.options"
            ),
            (
                Self.job(spec: #","volumes":[{"gcs":{"remotePath":"mine"},"mountPath":"/mnt/x"}]"#),
                spec + ".volumes[0].gcs.remote_path"
            ),
            (
                Self.job(spec: #","environment":{"encryptedVariables":{"keyName":"k"}}"#),
                spec + ".environment.encrypted_variables"
            ),
            (Self.job(spec: #","environment":{"encryptedVariables":{}}"#), spec + ".environment.encrypted_variables"),
            (
                Self.job(runnable: #","environment":{"secretVariables":{"A":"x"}}"#),
                Self.runnable + ".environment.secret_variables[\"A\"]"
            ),
            (
                Self.job(group: #","taskEnvironments":[{"secretVariables":{"A":"projects/p/secrets/s/versions/1"}}]"#),
                "job.task_groups[0].task_environments[0].secret_variables"
            ),
            (Self.job(group: #","requireHostsFile":true"#), "job.task_groups[0].require_hosts_file"),
            (Self.job(group: #","permissiveSsh":true"#), "job.task_groups[0].permissive_ssh"),
            (Self.job(group: #","taskCount":4,"taskCountPerNode":1"#), "job.task_groups[0].task_count_per_node"),
            (Self.job(rest: #","notifications":[{"pubsubTopic":"projects/p/topics/t"}]"#), "job.notifications"),
            (Self.job(rest: #","logsPolicy":{"destination":"PATH"}"#), "job.logs_policy.logs_path"),
            (Self.job(rest: #","logsPolicy":{"logsPath":"/mnt"}"#), "job.logs_policy.logs_path"),
            (
                Self.job(rest: #","logsPolicy":{"cloudLoggingOption":{"useGenericTaskMonitoredResource":true}}"#),
                "job.logs_policy.cloud_logging_option.use_generic_task_monitored_resource"
            ),
            (Self.instance(#""instanceTemplate":"t""#), instance + ".instance_template"),
            (Self.instance(#""installGpuDrivers":true"#), instance + ".install_gpu_drivers"),
            (Self.instance(#""installOpsAgent":true"#), instance + ".install_ops_agent"),
            (Self.instance(#""policy":{"accelerators":[{"type":"t4","count":1}]}"#), instance + ".policy.accelerators"),
            (
                Self.instance(#""policy":{"disks":[{"deviceName":"d","existingDisk":"mine"}]}"#),
                instance + ".policy.disks[0].existing_disk"
            ),
            (Self.instance(#""policy":{"minCpuPlatform":"x"}"#), instance + ".policy.min_cpu_platform"),
            (Self.instance(#""policy":{"reservation":"mine"}"#), instance + ".policy.reservation"),
            (Self.instance(#""policy":{"provisioningModel":"FLEX_START"}"#), instance + ".policy.provisioning_model"),
            (Self.instance(#""policy":{"bootDisk":{"image":"mine"}}"#), instance + ".policy.boot_disk.image"),
            (Self.instance(#""policy":{"bootDisk":{"snapshot":"s"}}"#), instance + ".policy.boot_disk.snapshot"),
        ]
        try await refuse(cases)
    }

    @Test("is refused for memory that no machine has, once the machines are known")
    func memory() async throws {
        try await LandfallServer.with { server in
            try await server.submit("first", TestJob("true"))
            #expect(try await server.ended("first").state == "SUCCEEDED")
            let stranger = try Stranger(server: server, token: try await server.token())
            let answer = try await stranger.post(
                Stranger.jobs, Self.job(spec: #","computeResource":{"memoryMib":"1000000000"}"#))
            #expect(answer.status == 400, "\(answer.message)")
            #expect(answer.fields == ["job.task_groups[0].task_spec.compute_resource.memory_mib"])
        }
    }

    private func refuse(_ cases: [(body: String, field: String)]) async throws {
        try await Stranger.with { stranger in
            for (body, field) in cases {
                let answer = try await stranger.post(Stranger.jobs, body)
                #expect(answer.status == 400, "\(body.prefix(200)): \(answer.message)")
                #expect(answer.fields == [field], "\(body.prefix(200)): \(answer.message)")
            }
        }
    }

    @Test("is refused for its name, its place, or a second time")
    func names() async throws {
        try await Stranger.with { stranger in
            for id in [String(repeating: "a", count: 64), "Hello", "a-", "a%2Fb", "a%00"] {
                let answer = try await stranger.post("\(Stranger.jobs)?jobId=\(id)", Stranger.good)
                #expect(answer.status == 400 && answer.fields == ["job_id"], "\(id): \(answer.message)")
            }
            let zero = "00000000-0000-0000-0000-000000000000"
            let request = try await stranger.post("\(Stranger.jobs)?requestId=\(zero)", Stranger.good)
            #expect(request.status == 400 && request.fields == ["request_id"])
            let unknown = try await stranger.post("\(Stranger.jobs)?bogus=1", Stranger.good)
            #expect(unknown.status == 400 && unknown.message.contains("'bogus' could not be found"))
            for location in ["mars-1", "-"] {
                let path = "/v1/projects/demo/locations/\(location)/jobs"
                let answer = try await stranger.post(path, Stranger.good)
                #expect(answer.status == 404 && answer.message.hasPrefix("Location '\(location)' not found"))
            }
        }
        try await LandfallServer.with { server in
            let stranger = try Stranger(server: server, token: try await server.token())
            let first = try await stranger.post("\(Stranger.jobs)?jobId=hello", Stranger.good)
            #expect(first.status == 200, "\(first.message)")
            let second = try await stranger.post("\(Stranger.jobs)?jobId=hello", Stranger.good)
            #expect(second.status == 409)
            #expect(
                second.message == "Resource 'projects/demo/locations/us-central1/jobs/hello' already exists")
        }
    }
}
