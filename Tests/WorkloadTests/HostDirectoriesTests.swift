import Foundation
import Testing
import Workload

@Suite("Directories that are open to jobs")
struct HostDirectoriesTests {
    private let directories = HostDirectories(open: ["/srv/a"], buckets: ["data": "/srv/data"])

    @Test(
        "What lies below one is open, and what only looks so is not",
        arguments: [
            ("/srv/a", true), ("/srv/a/b", true), ("/srv/data/x", true), ("/srv/ab", false), ("/srv", false),
            ("/srv/a/../b", false), ("/srv/a/./b", false), ("/srv/a/", false), ("/srv//a", false), ("srv/a", false),
            ("/srv/a/\n", false), ("", false), ("/", false),
        ])
    func contains(_ path: String, _ isOpen: Bool) {
        #expect(directories.contains(path) == isOpen)
    }

    @Test(
        "A bucket's directory, or one in it",
        arguments: [
            ("data", "/srv/data"), ("data/", "/srv/data"), ("data/a//b", "/srv/data/a/b"), ("data/../x", nil),
            ("other", nil), ("", nil), ("/data", "/srv/data"),
        ])
    func bucket(_ path: String, _ directory: String?) {
        #expect(directories.directory(ofBucket: path) == directory)
    }

    @Test(
        "An export is where it is mounted, or an open directory of the node itself",
        arguments: [
            ("files", "/export", "/mnt/e"), ("files", "/export/a/b", "/mnt/e/a/b"),
            ("files", "/export/deep/x", "/mnt/d/x"),
            ("files", "/exports", nil), ("files", "/", nil), ("files", "/export/../x", nil), ("other", "/export", nil),
            ("localhost", "/srv/a/b", "/srv/a/b"), ("127.0.0.1", "/etc", nil), ("", "/export", nil),
        ])
    func export(_ server: String, _ path: String, _ directory: String?) {
        let directories = HostDirectories(
            open: ["/srv/a"], exports: ["files:/export": "/mnt/e", "files:/export/deep": "/mnt/d"])
        #expect(directories.directory(ofExport: path, from: server) == directory)
        #expect(directory.map(directories.contains) != false)
    }

    @Test(
        "A version of a secret is named by its path",
        arguments: [
            ("projects/p/secrets/s/versions/1", true), ("projects/1/secrets/a-b_c/versions/latest", true),
            ("projects/p/secrets/s", false), ("projects/p/secrets//versions/1", false),
            ("projects/p/secrets/s/versions/1/", false), ("projects/p/secrets/s x/versions/1", false),
        ])
    func secret(_ path: String, _ isOne: Bool) {
        #expect(SecretReference(path: path)?.path == (isOne ? path : nil))
    }

    @Test("A plan of an earlier release is read, with defaults for what came later")
    func earlierPlan() throws {
        let json = """
            {"taskCount":1,"parallelism":1,"order":"any","priority":0,"steps":[{"executable":{"script":{"text":"true"}},\
            "environment":{},"ignoresExitStatus":false,"runsInBackground":false,"alwaysRuns":false,"labels":{}}],\
            "resources":{"cpuMilli":1,"memoryMiB":1},"retry":{"maxRetries":0},"environment":{},"taskEnvironments":[],\
            "taskVariables":{},"user":{"root":{}},"logs":{"discard":{}}}
            """
        let plan = try JSONDecoder().decode(Plan.self, from: Data(json.utf8))
        #expect(
            plan == Plan(steps: [Step(executable: .script(text: "true"))], resources: .init(cpuMilli: 1, memoryMiB: 1)))
        #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
        let name = try JSONDecoder().decode(
            JobName.self, from: Data(#"{"project":"p","location":"l","id":"i"}"#.utf8))
        #expect(name == JobName(api: .batch, project: "p", location: "l", id: "i"))
    }
}
