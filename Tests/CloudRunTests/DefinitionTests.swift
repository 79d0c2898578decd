import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing
import Workload

@testable import CloudRun

@Suite("What a job may be")
struct DefinitionTests {
    private func fields(_ json: String, id: String = "report", _ fields: DefinitionFields = .version2) -> [String] {
        do {
            try DefinitionValidator.check(try V2.Job(jsonString: json), id: id, fields)
            return []
        } catch {
            return (error as? ServiceError)?.fields ?? ["\(error)"]
        }
    }

    @Test(
        "is refused with the field that is wrong",
        arguments: [
            (#"{"template":{"template":{}}}"#, "job.template.template.containers"),
            (World.job(template: #""taskCount":10001,"#), "job.template.task_count"),
            (World.job(template: #""taskCount":-1,"#), "job.template.task_count"),
            (World.job(template: #""taskCount":2,"parallelism":3,"#), "job.template.parallelism"),
            (World.job(#""maxRetries":11,"#), "job.template.template.max_retries"),
            (World.job(#""timeout":"0s","#), "job.template.template.timeout"),
            (World.job(#""timeout":"604801s","#), "job.template.template.timeout"),
            (World.job(#""serviceAccount":"robot","#), "job.template.template.service_account"),
            (World.job(#""encryptionKey":"k","#), "job.template.template.encryption_key"),
            (World.job(#""vpcAccess":{"egress":"ALL_TRAFFIC"},"#), "job.template.template.vpc_access"),
            (World.job(#""nodeSelector":{"accelerator":"l4"},"#), "job.template.template.node_selector"),
            (
                World.job(#""executionEnvironment":"EXECUTION_ENVIRONMENT_GEN1","#),
                "job.template.template.execution_environment"
            ),
            (
                World.job(template: #""labels":{"run.googleapis.com/job":"x"},"#),
                "job.template.labels[\"run.googleapis.com/job\"]"
            ),
            (
                #"{"annotations":{"serving.knative.dev/x":""},"template":{"template":{"containers":[{"image":"a"}]}}}"#,
                "job.annotations[\"serving.knative.dev/x\"]"
            ),
            (
                #"{"binaryAuthorization":{"useDefault":true},"template":{"template":{"containers":[{"image":"a"}]}}}"#,
                "job.binary_authorization"
            ),
            (
                #"{"launchStage":"DEPRECATED","template":{"template":{"containers":[{"image":"a"}]}}}"#,
                "job.launch_stage"
            ),
            (
                #"{"runExecutionToken":"A","template":{"template":{"containers":[{"image":"a"}]}}}"#,
                "job.run_execution_token"
            ),
            (
                #"{"template":{"template":{"containers":[{"image":"a"},{"image":"b"}]}}}"#,
                "job.template.template.containers"
            ),
        ])
    func refusals(_ json: String, _ field: String) {
        #expect(fields(json) == [field])
    }

    @Test(
        "has one container whose parts are checked",
        arguments: [
            (#""image":"""#, "image"), (#""image":"https://a/b""#, "image"), (#""image":"a b""#, "image"),
            (#""image":"us-docker.pkg.dev/demo/images/Report""#, "image"), (#""image":"a@sha256:00""#, "image"),
            (#""image":"a","workingDir":"tmp""#, "working_dir"), (#""image":"a","args":["\u0000"]"#, "args[0]"),
            (#""image":"a","env":[{"name":"1A"}]"#, "env[0].name"),
            (#""image":"a","env":[{"name":"A","value":"\u0000"}]"#, "env[0].value"),
            (
                #""image":"a","env":[{"name":"A","valueSource":{"secretKeyRef":{"secret":"a/b"}}}]"#,
                "env[0].value_source.secret_key_ref.secret"
            ),
            (#""image":"a","resources":{"limits":{"cpu":"3"}}"#, "resources.limits[\"cpu\"]"),
            (#""image":"a","resources":{"limits":{"cpu":"500m"}}"#, "resources.limits[\"cpu\"]"),
            (#""image":"a","resources":{"limits":{"cpu":"4"}}"#, "resources.limits[\"cpu\"]"),
            (#""image":"a","resources":{"limits":{"memory":"much"}}"#, "resources.limits[\"memory\"]"),
            (#""image":"a","resources":{"limits":{"memory":"256Mi"}}"#, "resources.limits[\"memory\"]"),
            (#""image":"a","resources":{"limits":{"memory":"5Gi"}}"#, "resources.limits[\"memory\"]"),
            (#""image":"a","resources":{"limits":{"nvidia.com/gpu":"1"}}"#, "resources.limits[\"nvidia.com/gpu\"]"),
            (#""image":"a","volumeMounts":[{"name":"v","mountPath":"/a"}]"#, "volume_mounts[0].name"),
        ])
    func containers(_ container: String, _ field: String) {
        let json = "{\"template\":{\"template\":{\"containers\":[{\(container)}]}}}"
        #expect(fields(json) == ["job.template.template.containers[0].\(field)"])
    }

    @Test(
        "has volumes whose parts are checked",
        arguments: [
            (#"{"name":"v"}"#, ""), (#"{"name":"V","emptyDir":{}}"#, ".name"),
            (#"{"name":"v","emptyDir":{"sizeLimit":"x"}}"#, ".empty_dir.size_limit"),
            (#"{"name":"v","nfs":{"server":"","path":"/a"}}"#, ".nfs"),
            (#"{"name":"v","nfs":{"server":"a","path":"/a/../b"}}"#, ".nfs.path"),
            (#"{"name":"v","secret":{"secret":"s","items":[{"path":"../x"}]}}"#, ".secret.items[0].path"),
            (#"{"name":"v","secret":{"secret":""}}"#, ".secret.secret"),
            (#"{"name":"v","gcs":{"bucket":"b"}}"#, ".gcs"),
            (#"{"name":"v","cloudSqlInstance":{"instances":["a:b:c"]}}"#, ".cloud_sql_instance"),
        ])
    func volumes(_ volume: String, _ field: String) {
        #expect(fields(World.job("\"volumes\":[\(volume)],")) == ["job.template.template.volumes[0]\(field)"])
    }

    @Test("may mount a bucket that a directory of the machine stands for")
    func bucket() throws {
        let job = try V2.Job(jsonString: World.job(#""volumes":[{"name":"v","gcs":{"bucket":"data"}}],"#))
        try DefinitionValidator.check(
            job, id: "report", .version2, HostDirectories(buckets: ["data": "/srv/data"]))
    }

    @Test(
        "has an id that leaves room for what is named after it",
        arguments: [
            "", "Report", "1report", "report-", "re_port", String(repeating: "a", count: 50),
        ])
    func ids(_ id: String) async throws {
        let world = try await World()
        let error = await #expect(throws: ServiceError.self) { try await world.create(id: id) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == ["job_id"])
    }

    @Test("tells of everything that is wrong at once, in the words of its version")
    func versions() {
        let json = World.job(#""timeout":"0s","serviceAccount":"robot","#)
        #expect(
            fields(json, .version1) == [
                "job.spec.template.spec.template.spec.timeout_seconds",
                "job.spec.template.spec.template.spec.service_account_name",
            ])
    }

    @Test("gets Cloud Run's defaults where it says nothing")
    func defaults() async throws {
        let world = try await World()
        try await world.create()
        let task = try await world.job().template.template
        #expect(try await world.job().template.taskCount == 1)
        #expect(task.maxRetries == 3)
        #expect(task.timeout.seconds == 600)
        #expect(task.serviceAccount == World.defaultAccount)
        #expect(task.executionEnvironment == .gen2)
        #expect(task.containers[0].resources.limits == ["cpu": "1000m", "memory": "512Mi"])
        #expect(try await world.job().launchStage == .ga)
    }

    @Test(
        "has amounts as Kubernetes writes them",
        arguments: [
            ("512Mi", 512 << 20 as Int64), ("2Gi", 2 << 30), ("1.5Gi", 3 << 29), ("1000", 1000), ("1M", 1_000_000),
        ])
    func quantities(_ text: String, _ bytes: Int64) {
        #expect(Quantity.bytes(text) == bytes)
        #expect(Quantity.bytes("-" + text) == nil)
        #expect(Quantity.cpuMilli("1500m") == 1500)
        #expect(Quantity.cpuMilli("0.5") == 500)
        #expect(Quantity.cpuMilli("x") == nil)
    }
}
