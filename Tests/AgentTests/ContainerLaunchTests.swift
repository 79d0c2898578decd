import Foundation
import Images
import Sandbox
import Testing
import Workload

@testable import Agent

@Suite("What a container is started as")
struct ContainerLaunchTests {
    private static let image = ImageConfiguration(
        entrypoint: ["/tool", "--fast"], command: ["default"], environment: ["A=image", "B=image=2", "C=", "broken"],
        workingDirectory: "/work", user: "app")

    private func spec(_ container: Container, _ image: ImageConfiguration = image) throws -> ContainerSpec {
        try ContainerLaunch(container: container, image: image, layers: ["/l/0", "/l/1"]).spec
    }

    @Test(
        "is the step's entrypoint and arguments over the image's",
        arguments: [
            (nil, nil, ["/tool", "--fast", "default"]), (nil, ["x"], ["/tool", "--fast", "x"]),
            (nil, [], ["/tool", "--fast"]), (["/other"], nil, ["/other"]), (["/other"], ["x"], ["/other", "x"]),
        ] as [([String]?, [String]?, [String])])
    func arguments(entrypoint: [String]?, arguments: [String]?, expected: [String]) throws {
        let container = Container(image: "i", entrypoint: entrypoint, arguments: arguments)
        #expect(try spec(container).arguments == expected)
    }

    @Test("is refused when neither says what to execute")
    func nothing() {
        #expect(throws: ImageRefusal.self) { try spec(Container(image: "i"), ImageConfiguration()) }
    }

    @Test("is in the image's directory and of its user, unless the step says otherwise")
    func placeAndUser() throws {
        let plain = try spec(Container(image: "i"))
        #expect(plain.workingDirectory == "/work" && plain.user == "app" && plain.layers == ["/l/0", "/l/1"])
        let own = try spec(Container(image: "i", workingDirectory: "/here", user: "1:2"))
        #expect(own.workingDirectory == "/here" && own.user == "1:2")
        #expect(try spec(Container(image: "i"), ImageConfiguration(command: ["c"])).workingDirectory == "/")
    }

    @Test("keeps the mounts, the way of writing and the blocked network")
    func rest() throws {
        let container = Container(
            image: "i", mounts: [VolumeMount(volume: "v", subpath: "s", path: "/p", isReadOnly: true)],
            blocksExternalNetwork: true, writesToMemory: true)
        let spec = try spec(container)
        #expect(spec.mounts == [.init(volume: "v", subpath: "s", path: "/p", isReadOnly: true)])
        #expect(spec.blocksExternalNetwork && spec.writesToMemory)
    }

    @Test("has the image's variables below those of the job, and none of a machine")
    func environment() throws {
        let secret = SecretReference(project: "p", secret: "s")
        let step = Step(
            executable: .container(Container(image: "i")), environment: ["B": "step"], secretEnvironment: ["S": secret])
        var plan = Plan(steps: [step], environment: ["D": "job", "B": "job"])
        plan.taskVariables = ["INDEX": .index]
        let environment = try TaskEnvironment(plan: plan, index: 3, attempt: 0, secrets: [secret: Data("v".utf8)])
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        #expect(
            try environment.variables(for: step, of: Self.image) == [
                "A": "image", "B": "step", "C": "", "D": "job", "S": "v", "INDEX": "3", "PATH": path,
            ])
    }
}
