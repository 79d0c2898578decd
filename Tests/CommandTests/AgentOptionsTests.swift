import ArgumentParser
import Testing

@testable import landfall

@Suite("What the agent is started with")
struct AgentOptionsTests {
    @Test("is what 'landfall up' was told, with the directories of buckets and exports")
    func passedOn() throws {
        let told = try AgentOptions.parse([
            "--share", "/srv", "--image-cache", "5", "--plain-registry", "localhost:5000", "--plain-registry",
            "registry.lan",
        ])
        let options = try AgentOptions.parse(told.arguments(openDirectories: told.share + ["/bucket"]))
        #expect(options.share == ["/srv", "/bucket"])
        let images = options.images(in: "/cache")
        #expect(images.directory == "/cache")
        #expect(images.sizeLimit == 5 * 1_073_741_824)
        #expect(images.plainRegistries == ["localhost:5000", "registry.lan"])
    }

    @Test("has room for 20 GiB of images, and asks no registry without TLS, unless it is told")
    func defaults() throws {
        let images = try AgentOptions.parse([]).images(in: "/cache")
        #expect(images.sizeLimit == 20 * 1_073_741_824)
        #expect(images.plainRegistries.isEmpty)
    }

    @Test(
        "is refused before anything is started",
        arguments: [
            ["--image-cache", "0"], ["--image-cache", "9223372036854775807"], ["--image-cache", "x"],
            ["--plain-registry", "http://localhost:5000"], ["--plain-registry", "localhost:5000/path"],
            ["--plain-registry", "a:99999"], ["--plain-registry", ""],
        ])
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try AgentOptions.parse(arguments) }
    }
}
