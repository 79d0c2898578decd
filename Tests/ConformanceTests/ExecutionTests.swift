import Foundation
import TestSupport
import Testing

@Suite("How tasks are run and ended", .needsRoot, .serialized)
struct ExecutionTests {
    /// A job, and what is to become of its first task.
    private struct Case {
        var name: String
        var job: TestJob
        var state = "SUCCEEDED"
        /// The exit codes of the attempts at the first task.
        var exitCodes = [0]
        var log: [String] = []
        /// What the events of the first task say among other things.
        var says = ""
    }

    private static func retried(_ script: String, _ task: String...) -> TestJob {
        TestJob("echo $BATCH_TASK_RETRY_ATTEMPT; \(script)", task: [TestJob.small] + task)
    }

    private static let cases = [
        Case(
            name: "timeout",
            job: TestJob(runnables: [TestJob.script("sleep 600", #""timeout":"0.5s""#, #""displayName":"long""#)]),
            state: "FAILED", exitCodes: [50005], says: "Step 0 (long) reached its time limit"),
        Case(
            name: "max-run", job: TestJob("sleep 600", task: [TestJob.small, #""maxRunDuration":"0.5s""#]),
            state: "FAILED", exitCodes: [50005], says: "time limit"),
        Case(
            name: "retry", job: retried("test $BATCH_TASK_RETRY_ATTEMPT = 2", #""maxRetryCount":3"#),
            exitCodes: [1, 1, 0], log: ["0", "1", "2"]),
        Case(
            name: "no-retry-left", job: retried("exit 3", #""maxRetryCount":1"#), state: "FAILED",
            exitCodes: [3, 3], log: ["0", "1"]),
        Case(
            name: "fail-code",
            job: retried(
                "exit 4", #""maxRetryCount":3"#,
                #""lifecyclePolicies":[{"action":"FAIL_TASK","actionCondition":{"exitCodes":[4]}}]"#),
            state: "FAILED", exitCodes: [4], log: ["0"]),
        Case(
            name: "retry-code",
            job: retried(
                "exit $((5 + BATCH_TASK_RETRY_ATTEMPT))", #""maxRetryCount":3"#,
                #""lifecyclePolicies":[{"action":"RETRY_TASK","actionCondition":{"exitCodes":[5]}}]"#),
            state: "FAILED", exitCodes: [5, 6], log: ["0", "1"]),
        Case(
            name: "ignore",
            job: TestJob(runnables: [
                TestJob.script("echo one; exit 3", #""ignoreExitStatus":true"#), TestJob.script("echo two"),
            ]), log: ["one", "two"]),
        Case(
            name: "always",
            job: TestJob(runnables: [
                TestJob.script("echo one; exit 3"), TestJob.script("echo two"),
                TestJob.script("echo three", #""alwaysRun":true"#),
            ]), state: "FAILED", exitCodes: [3], log: ["one", "three"]),
        Case(
            name: "background",
            job: TestJob(runnables: [
                TestJob.script("touch /tmp/up; sleep 600", #""background":true"#),
                TestJob.script("until test -e /tmp/up; do sleep 0.01; done; echo seen"),
            ]), log: ["seen"]),
        Case(
            name: "environment",
            job: TestJob(
                runnables: [
                    TestJob.script(
                        "echo $A $B $C $BATCH_TASK_INDEX $BATCH_TASK_COUNT",
                        #""environment":{"variables":{"C":"step"}}"#)
                ],
                task: [TestJob.small, #""environment":{"variables":{"A":"all","B":"all","C":"all"}}"#],
                group: [#""taskEnvironments":[{"variables":{"B":"task"}}]"#]),
            log: ["all task step 0 1"]),
        Case(
            name: "named", job: TestJob(runnables: [TestJob.script("true", #""displayName":"sort""#)]),
            says: "Step 0 (sort) started.\nStep 0 (sort) ended with exit code 0."),
        Case(
            name: "event", job: TestJob(#"echo '{"batch/custom/event":"half done"}'; sleep 0.2"#), says: "half done"),
        Case(
            name: "parallelism",
            job: TestJob(
                "echo begin; sleep 0.2; echo end", tasks: 3, group: [#""parallelism":"1""#]),
            log: ["begin", "end", "begin", "end", "begin", "end"]),
        Case(
            name: "out-of-memory",
            job: TestJob("exec tail /dev/zero"), state: "FAILED",
            exitCodes: [137], says: "with exit code 137. Out of memory: a process was killed at the task's limit of "),
    ]

    @Test("limits, retries and the order of runnables are those of the Batch API")
    func rules() async throws {
        try await LandfallServer.with { server in
            for expected in Self.cases { try await server.submit(expected.name, expected.job) }
            for expected in Self.cases {
                let name = Comment(rawValue: expected.name)
                #expect(try await server.ended(expected.name).state == expected.state, name)
                let task = try await server.status(expected.name, task: 0)
                #expect(task.state == expected.state, name)
                #expect(task.exitCodes == expected.exitCodes, name)
                #expect(task.text.contains(expected.says) || expected.says.isEmpty, "\(expected.name): \(task.text)")
                if !expected.log.isEmpty { #expect(try await server.log(expected.name) == expected.log, name) }
            }
        }
    }

    @Test("memory that no machine has is refused with what there is; more processors than there are run alone")
    func sizes() async throws {
        try await LandfallServer.with { server in
            let huge = TestJob("true", task: [#""computeResource":{"cpuMilli":"100","memoryMib":"900000000"}"#])
            let refused = try await server.batch("POST", "jobs?jobId=huge", body: huge.json)
            #expect(refused.status == 400, "\(refused.body)")
            #expect(refused.body.contains("no machine has so much memory"), "\(refused.body)")
            #expect(try await server.batch("GET", "jobs/huge").status == 404)

            let wide = TestJob(
                "echo begin; sleep 0.3; echo end", tasks: 2,
                task: [#""computeResource":{"cpuMilli":"9000000","memoryMib":"64"}"#])
            let (status, log) = try await server.outcome("wide", wide)
            #expect(status.state == "SUCCEEDED")
            #expect(log == ["begin", "end", "begin", "end"])
            #expect(status.text.contains("its tasks run alone"), "\(status.text)")
        }
    }

    @Test("of what waits, the more important goes first")
    func priority() async throws {
        try await LandfallServer.with { server in
            let whole = [#""computeResource":{"cpuMilli":"9000000","memoryMib":"64"}"#]
            try await server.submit("first", TestJob("echo on; \(server.sleep(8))", task: whole))
            try await server.printed("first", lines: 1)
            for (name, priority) in [("low", 1), ("high", 90), ("middle", 50)] {
                try await server.submit(
                    name, TestJob("date +%s%N; sleep 0.5", task: whole, job: ["\"priority\":\"\(priority)\""]))
            }
            #expect(try await server.batch("POST", "jobs/first:cancel", body: "{}").status == 200)
            var times: [String] = []
            for name in ["high", "middle", "low"] {
                #expect(try await server.ended(name).state == "SUCCEEDED")
                times += try await server.log(name)
            }
            #expect(times.count == 3)
            #expect(times == times.sorted())
        }
    }

    @Test("a task's memory is a limit of its cgroup, its processors are a share")
    func cgroups() async throws {
        try await LandfallServer.with { server in
            let mark = server.sleep(7)
            let resources = #""computeResource":{"cpuMilli":"1500","memoryMib":"123"}"#
            try await server.submit("limited", TestJob("echo on; \(mark)", task: [resources]))
            try await server.printed("limited", lines: 1)
            let id = try await eventually(mark) { HostProcesses.ids(with: mark).first }
            let files = try await Program.run(["sh", "-c", Self.limits(of: id)]).output
            #expect(files.contains("memory \(123 << 20)"), "\(files)")
            #expect(files.contains("cpu 1536") || files.contains("weight 150"), "\(files)")
        }
    }

    /// A script that prints the limits of a process's cgroups, of version 1 or 2.
    private static func limits(of id: Int32) -> String {
        """
        IFS=:
        while read -r number controllers path; do
            for mount in /sys/fs/cgroup/$controllers /sys/fs/cgroup/unified /sys/fs/cgroup; do
                for pair in memory:memory.limit_in_bytes memory:memory.max cpu:cpu.shares weight:cpu.weight; do
                    file=$mount$path/${pair#*:}
                    test -f "$file" && echo "${pair%%:*} $(cat "$file")"
                done
            done
        done < /proc/\(id)/cgroup
        """
    }
}
