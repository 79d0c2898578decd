import Foundation
import Methods
import Testing
import Workload

@testable import Batch

/// Containers and volumes of Batch jobs, from what is submitted to the plan.
@Suite("Containers of Batch jobs")
struct ContainerTests {
    /// Opened by the operator: /srv/shared, /srv/results as the bucket `results`, and an export of another machine.
    private static let opened = HostDirectories(
        open: ["/srv/shared"], buckets: ["results": "/srv/results"],
        exports: ["files.example.com:/export": "/mnt/export"])

    private static func json(_ runnable: String, spec: String = "", group: String = "", job: String = "") -> String {
        """
        {"taskGroups":[{"taskSpec":{"runnables":[\(runnable)]\(spec)}\(group)}]\(job)}
        """
    }

    private func world() -> World {
        var world = World()
        world.hostDirectories = Self.opened
        return world
    }

    private func plan(_ json: String) async throws -> Plan {
        let world = world()
        try await world.create(json)
        return try #require(await world.jobs.records.first?.plan)
    }

    private func container(_ fields: String, spec: String = "") async throws -> Container {
        let plan = try await plan(Self.json(#"{"container":{"imageUri":"busybox"\#(fields)}}"#, spec: spec))
        guard case .container(let container)? = plan.steps.first?.executable else {
            throw ServiceError(.unknown, "no container")
        }
        return container
    }

    @Test("Commands replace the image's command and the entrypoint its entrypoint; what is left out is the image's")
    func commands() async throws {
        #expect(try await container("") == Container(image: "busybox"))
        let both = try await container(#","commands":["-c","echo $X"],"entrypoint":"/bin/sh""#)
        #expect(both == Container(image: "busybox", entrypoint: ["/bin/sh"], arguments: ["-c", "echo $X"]))
        #expect(try await container(#","blockExternalNetwork":true"#).blocksExternalNetwork)
    }

    @Test("Options of docker run become fields of the container and variables of its step")
    func options() async throws {
        let options = #"--user 1000:1000 -w '/my work' --env \"A=b c\" -e D= --network=none --rm"#
        let plan = try await plan(
            Self.json(
                #"{"container":{"imageUri":"i","options":"\#(options)"},"environment":{"variables":{"D":"own"}}}"#))
        #expect(plan.steps[0].environment == ["A": "b c", "D": "own"])
        guard case .container(let container) = plan.steps[0].executable else {
            Issue.record("no container")
            return
        }
        #expect(container.user == "1000:1000" && container.workingDirectory == "/my work")
        #expect(container.blocksExternalNetwork)
    }

    @Test("Without volumes of its own a container has all of the task's; with some it has only those")
    func volumes() async throws {
        let spec = #"""
            ,"volumes":[{"nfs":{"server":"localhost","remotePath":"/srv/shared/in"},"mountPath":"/mnt/in","mountOptions":["ro"]},
            {"gcs":{"remotePath":"results/2026"},"mountPath":"/mnt/out"}]
            """#
        let all = try await container("", spec: spec)
        #expect(
            all.mounts == [
                VolumeMount(volume: "volume-0", path: "/mnt/in"), VolumeMount(volume: "volume-1", path: "/mnt/out"),
            ])
        let some = try await container(
            #","volumes":["/mnt/out/a/b:/results:rw","/srv/shared:/shared:ro"]"#, spec: spec)
        #expect(
            some.mounts == [
                VolumeMount(volume: "volume-1", subpath: "a/b", path: "/results"),
                VolumeMount(volume: "host:/srv/shared", path: "/shared", isReadOnly: true),
            ])
        let runnable = #"{"container":{"imageUri":"i","volumes":["/srv/shared:/shared"]}}"#
        let plan = try await plan(Self.json(runnable, spec: spec))
        #expect(
            plan.volumes == [
                Volume(
                    name: "volume-0", source: .hostDirectory(path: "/srv/shared/in"), path: "/mnt/in", isReadOnly: true),
                Volume(name: "volume-1", source: .hostDirectory(path: "/srv/results/2026"), path: "/mnt/out"),
                Volume(name: "host:/srv/shared", source: .hostDirectory(path: "/srv/shared")),
            ])
    }

    @Test("A disk of the job is a volume of its own, and an export of another machine is one by NFS")
    func sources() async throws {
        let spec = #"""
            ,"volumes":[{"deviceName":"data","mountPath":"/mnt/disks/data"},
            {"nfs":{"server":"files.example.com","remotePath":"/export/in"},"mountPath":"/mnt/nfs","mountOptions":["nolock"]}]
            """#
        let disks = #"""
            ,"allocationPolicy":{"instances":[{"policy":{"disks":[{"deviceName":"data","newDisk":{"sizeGb":"20"}}]}}]}
            """#
        let plan = try await plan(Self.json(#"{"script":{"text":"true"}}"#, spec: spec, job: disks))
        #expect(
            plan.volumes.map(\.source) == [
                .disk, .hostDirectory(path: "/mnt/export/in"),
            ])
    }

    @Test("Secrets are variables by reference, and a login may be of secrets")
    func secrets() async throws {
        let runnable = #"""
            {"container":{"imageUri":"i","username":"u","password":"projects/p/secrets/s/versions/latest"},
            "environment":{"secretVariables":{"B":"projects/1/secrets/b/versions/2"}}}
            """#
        let plan = try await plan(
            Self.json(
                runnable, spec: #","environment":{"secretVariables":{"A":"projects/p/secrets/a/versions/1"}}"#))
        #expect(plan.secretEnvironment == ["A": SecretReference(project: "p", secret: "a", version: "1")])
        #expect(
            plan.steps[0].secretEnvironment == ["B": SecretReference(project: "1", secret: "b", version: "2")])
        guard case .container(let container) = plan.steps[0].executable else {
            Issue.record("no container")
            return
        }
        #expect(
            container.login
                == RegistryLogin(
                    username: .plain("u"), password: .secret(SecretReference(project: "p", secret: "s"))))
    }

    @Test("Code acts as the job's account, with the scopes that the job names")
    func identity() async throws {
        let script = #"{"script":{"text":"true"}}"#
        let plain = try #require(try await plan(Self.json(script)).identity)
        #expect(plain.account.hasSuffix("-compute@developer.gserviceaccount.com"))
        #expect(plain.scopes == [TaskIdentity.cloudPlatform] && plain.platform == .virtualMachine)
        #expect(plain.zone == "us-central1-a" && plain.region == "us-central1" && plain.puller == plain.account)
        let scoped = try await plan(
            Self.json(script, job: #","allocationPolicy":{"serviceAccount":{"scopes":["a","b"]}}"#))
        #expect(scoped.identity?.scopes == ["a", "b"])
    }

    @Test(
        "Logs go to files of the volume that their path is in", arguments: ["/mnt/out/logs/run", "/mnt/out/logs/run/"])
    func logFiles(path: String) async throws {
        let plan = try await plan(
            Self.json(
                #"{"script":{"text":"true"}}"#,
                spec: #","volumes":[{"gcs":{"remotePath":"results"},"mountPath":"/mnt/out"}]"#,
                job: #","logsPolicy":{"destination":"PATH","logsPath":"\#(path)"}"#))
        guard case .files(let files) = plan.logs else {
            Issue.record("no files")
            return
        }
        #expect(files.volume == "volume-0" && files.directory == "logs/run")
        #expect(files.name.hasSuffix("-group0-{index}"))
    }

    static let refused: [(field: String, json: String)] = [
        (".image_uri", json(#"{"container":{}}"#)),
        (".image_uri", json(#"{"container":{"imageUri":"a b"}}"#)),
        (".image_uri", json(#"{"container":{"imageUri":"us-docker.pkg.dev/demo/images/Report"}}"#)),
        (".volumes", json(#"{"container":{"imageUri":"i","volumes":["/mnt"]}}"#)),
        (".volumes", json(#"{"container":{"imageUri":"i","volumes":["/etc:/etc"]}}"#)),
        (".volumes", json(#"{"container":{"imageUri":"i","volumes":["/srv/shared/../../etc:/x"]}}"#)),
        (".volumes", json(#"{"container":{"imageUri":"i","volumes":["/srv/sharedness:/x"]}}"#)),
        (".username", json(#"{"container":{"imageUri":"i","password":"p"}}"#)),
        (".password", json(#"{"container":{"imageUri":"i","username":"u"}}"#)),
        (".password", json(#"{"container":{"imageUri":"i","username":"u","password":"projects/p/secrets/s"}}"#)),
        (".options", json(#"{"container":{"imageUri":"i","options":"--privileged"}}"#)),
        (".options", json(#"{"container":{"imageUri":"i","options":"--user"}}"#)),
        (".options", json(#"{"container":{"imageUri":"i","options":"-e 'A=b"}}"#)),
        (".options", json(#"{"container":{"imageUri":"i","options":"--network container:x"}}"#)),
        (".options", json(#"{"container":{"imageUri":"i","options":"-v /etc:/etc"}}"#)),
        (".options", json(#"{"container":{"imageUri":"i","options":"--network host","blockExternalNetwork":true}}"#)),
        (".options", json(#"{"container":{"imageUri":"i","options":"-u 0"}}"#, group: #","runAsNonRoot":true"#)),
    ]

    @Test("What a container cannot have is refused by its field", arguments: refused)
    func refuses(_ field: String, _ json: String) async throws {
        let error = await #expect(throws: ServiceError.self) { try await world().create(json) }
        #expect(error?.fields == ["job.task_groups[0].task_spec.runnables[0].container\(field)"])
    }

    static let refusedVolumes: [(field: String, volume: String)] = [
        (".mount_path", #"{"gcs":{"remotePath":"results"}}"#),
        (".mount_path", #"{"gcs":{"remotePath":"results"},"mountPath":"/"}"#),
        (".mount_path", #"{"gcs":{"remotePath":"results"},"mountPath":"/usr/local"}"#),
        (".mount_path", #"{"gcs":{"remotePath":"results"},"mountPath":"/mnt/../etc"}"#),
        ("", #"{"mountPath":"/mnt/x"}"#),
        (".gcs.remote_path", #"{"gcs":{"remotePath":"other"},"mountPath":"/mnt/x"}"#),
        (".gcs.remote_path", #"{"gcs":{"remotePath":"results/../../etc"},"mountPath":"/mnt/x"}"#),
        (".device_name", #"{"deviceName":"data","mountPath":"/mnt/x"}"#),
        (".nfs", #"{"nfs":{"server":"localhost","remotePath":"/etc"},"mountPath":"/mnt/x"}"#),
        (".nfs", #"{"nfs":{"server":"-o","remotePath":"/x"},"mountPath":"/mnt/x"}"#),
    ]

    @Test("A volume that cannot be had is refused by its field", arguments: refusedVolumes)
    func refusesVolume(_ field: String, _ volume: String) async throws {
        let json = Self.json(#"{"script":{"text":"true"}}"#, spec: #","volumes":[\#(volume)]"#)
        let error = await #expect(throws: ServiceError.self) { try await world().create(json) }
        #expect(error?.fields == ["job.task_groups[0].task_spec.volumes[0]\(field)"])
    }

    @Test("Two volumes cannot lie in each other, unless the outer one is a new disk")
    func nested() async throws {
        let spec = #"""
            ,"volumes":[{"gcs":{"remotePath":"results"},"mountPath":"/mnt/a"},
            {"gcs":{"remotePath":"results"},"mountPath":"/mnt/a/b"}]
            """#
        let json = Self.json(#"{"script":{"text":"true"}}"#, spec: spec)
        let error = await #expect(throws: ServiceError.self) { try await world().create(json) }
        #expect(error?.fields == ["job.task_groups[0].task_spec.volumes[1].mount_path"])
    }

    private static let disk = #"""
        ,"allocationPolicy":{"instances":[{"policy":{"disks":[{"deviceName":"data","newDisk":{"sizeGb":"20"}}]}}]}
        """#

    @Test("A volume in a new disk is shown after it, and comes with the disk's directory into a container")
    func nestedInDisk() async throws {
        let spec = #"""
            ,"volumes":[{"gcs":{"remotePath":"results"},"mountPath":"/mnt/data/in/results","mountOptions":["-o ro"]},
            {"deviceName":"data","mountPath":"/mnt/data"}]
            """#
        let runnable = #"{"container":{"imageUri":"i","volumes":["/mnt/data:/srv:ro"]}}"#
        let plan = try await plan(Self.json(runnable, spec: spec, job: Self.disk))
        #expect(
            plan.volumes == [
                Volume(name: "volume-1", source: .disk, path: "/mnt/data"),
                Volume(
                    name: "volume-0", source: .hostDirectory(path: "/srv/results"), path: "/mnt/data/in/results",
                    isReadOnly: true),
            ])
        guard case .container(let container)? = plan.steps.first?.executable else {
            Issue.record("no container")
            return
        }
        #expect(
            container.mounts == [
                VolumeMount(volume: "volume-1", path: "/srv", isReadOnly: true),
                VolumeMount(volume: "volume-0", path: "/srv/in/results", isReadOnly: true),
            ])
    }

    @Test("A container that asks for a volume in a disk by itself has it once, where it asks for it")
    func nestedByName() async throws {
        let spec = #"""
            ,"volumes":[{"deviceName":"data","mountPath":"/mnt/data"},
            {"gcs":{"remotePath":"results"},"mountPath":"/mnt/data/in"}]
            """#
        let runnable = #"""
            {"container":{"imageUri":"i","volumes":["/mnt/data/in:/srv/in","/mnt/data:/srv:ro"]}}
            """#
        let plan = try await plan(Self.json(runnable, spec: spec, job: Self.disk))
        guard case .container(let container)? = plan.steps.first?.executable else {
            Issue.record("no container")
            return
        }
        #expect(
            container.mounts == [
                VolumeMount(volume: "volume-0", path: "/srv", isReadOnly: true),
                VolumeMount(volume: "volume-1", path: "/srv/in"),
            ])
    }

    static let readOnly: [(options: String, isReadOnly: Bool)] = [
        ("ro", true), ("nolock,ro", true), ("-o ro", true), ("-o=ro", true), ("rw", false), ("-o nosuid", false),
        ("implicit-dirs", false),
    ]

    @Test("A volume is read-only when its options say so, as mount or gcsfuse writes them", arguments: readOnly)
    func mountOptions(_ options: String, _ isReadOnly: Bool) async throws {
        let spec = #"""
            ,"volumes":[{"gcs":{"remotePath":"results"},"mountPath":"/mnt/out","mountOptions":["\#(options)"]}]
            """#
        let plan = try await plan(Self.json(#"{"script":{"text":"true"}}"#, spec: spec))
        #expect(plan.volumes.map(\.isReadOnly) == [isReadOnly])
    }

    static let lines: [(line: String, words: [String]?)] = [
        ("", []), ("  a  b ", ["a", "b"]), (#"'a b' "c d"e"#, ["a b", "c de"]), (#"a\ b"#, ["a b"]),
        (#""a\"b\n""#, [#"a"b\n"#]), ("''", [""]), ("'a", nil), (#"a\"#, nil), ("a\tb\nc", ["a", "b", "c"]),
    ]

    @Test("A line is split as a shell does", arguments: lines)
    func splits(_ line: String, _ words: [String]?) {
        #expect(ShellWords.split(line) == words)
    }
}
