import Access
import Methods
import Schema
import SwiftProtobuf
import Testing

@testable import Audit

@Suite("What an audit entry tells of a request")
struct RequestContentTests {
    @Test("is its JSON with its type, and none of its secrets")
    func secrets() throws {
        let request = Google_Cloud_Batch_V1_CreateJobRequest.with {
            $0.parent = "projects/demo/locations/l"
            $0.job.taskGroups = [
                .with {
                    $0.taskSpec.runnables = [
                        .with {
                            $0.container.imageUri = "busybox"
                            $0.container.username = "robot"
                            $0.container.password = "hunter2"
                        }
                    ]
                    $0.taskSpec.environment.variables = ["KEY": "s3cret"]
                }
            ]
        }
        let content = try #require(RequestContent(of: call(request: request)))
        let json = try content.object.jsonString()
        #expect(json.contains("\"@type\":\"type.googleapis.com/google.cloud.batch.v1.CreateJobRequest\""))
        for part in ["busybox", "robot", "\"KEY\":\"[left out]\"", "\"password\":\"[left out]\""] {
            #expect(json.contains(part), "\(part) is missing")
        }
        for part in ["hunter2", "s3cret"] { #expect(!json.contains(part), "\(part) is told") }
    }

    @Test("is not what containers of Cloud Run have in their variables, in either version and in overrides")
    func environment() throws {
        let first = Google_Cloud_Run_V1_ReplaceJobRequest.with {
            $0.job.spec.template.spec.template.spec.containers = [
                .with {
                    $0.image = "busybox"
                    $0.env = [
                        .with { ($0.name, $0.value) = ("KEY", "s3cret") },
                        .with {
                            $0.name = "OTHER"
                            $0.valueFrom.secretKeyRef.name = "password"
                        },
                    ]
                }
            ]
        }
        let second = Google_Cloud_Run_V2_RunJobRequest.with {
            $0.overrides.containerOverrides = [.with { $0.env = [.with { ($0.name, $0.value) = ("KEY", "s3cret") }] }]
        }
        for request in [first, second] as [any Message & Sendable] {
            let json = try #require(RequestContent(of: call(request: request))).object.jsonString()
            #expect(json.contains("KEY") && json.contains("[left out]") && !json.contains("s3cret"))
        }
        #expect(try #require(RequestContent(of: call(request: first))).object.jsonString().contains("secretKeyRef"))
    }

    @Test("is not what users write into logs")
    func entries() throws {
        let request = Google_Logging_V2_WriteLogEntriesRequest.with {
            $0.logName = "projects/demo/logs/mine"
            $0.entries = [.with { $0.textPayload = "diary" }]
        }
        let content = try #require(RequestContent(of: call(request: request)))
        #expect(try !content.object.jsonString().contains("diary"))
        #expect(content.object.fields["logName"]?.stringValue == "projects/demo/logs/mine")
    }

    @Test("is nothing of a request that is long, and of a stream")
    func long() {
        let request = Google_Cloud_Batch_V1_CreateJobRequest()
        #expect(RequestContent(of: call(request: request, bytes: RequestContent.longest)) != nil)
        #expect(RequestContent(of: call(request: request, bytes: RequestContent.longest + 1)) == nil)
        #expect(RequestContent(of: call()) == nil)
    }

    @Test(
        "names what the call was about, by the project's id, if it lies in what was checked",
        arguments: [
            ("projects/123/locations/l/jobs/j", "projects/demo/locations/l/jobs/j"),
            ("projects/123/locations/l", "projects/demo/locations/l"), ("projects/123/locations/l2/jobs/j", nil),
            ("projects/other/locations/l/jobs/j", nil),
        ])
    func names(name: String, expected: String?) throws {
        let request = Google_Cloud_Batch_V1_GetJobRequest.with { $0.name = name }
        let content = try #require(RequestContent(of: call(request: request)))
        let check = allowed("batch.jobs.get", on: location("demo"), named: location("123"))
        #expect(content.resourceName(within: check) == expected)
    }
}
