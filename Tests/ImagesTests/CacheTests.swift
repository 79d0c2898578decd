import Foundation
import ImageSupport
import Images
import OCI
import TestSupport
import Testing

@Suite("The cache of images")
struct CacheTests {
    @Test("Twenty who pull an image at once cause one download")
    func onePull() async throws {
        try await World.with { world in
            let image = TestImage(file: "a", String(repeating: "x", count: 1 << 20))
            world.registry.add(image)
            let directories = try await withThrowingTaskGroup(of: [String].self) { group in
                for number in 0..<20 {
                    // Half of them share all of the pull, the others only the layer.
                    let credential = number < 10 ? nil : RegistryCredential.password(user: "\(number)", password: "")
                    group.addTask { try await world.pull("app", credential).layers }
                }
                return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
            }
            #expect(directories.count == 1)
            #expect(world.registry.count(.GET, ending: Digest(of: image.layers[0].blob).description) == 1)
        }
    }

    @Test("A layer that images share is fetched and kept once")
    func sharedLayer() async throws {
        try await World.with { world in
            let base = TestImage.Layer([.file("base", "b")])
            world.registry.add(TestImage([base, .init([.file("one")])]), at: "one:latest")
            world.registry.add(TestImage([base, .init([.file("two")])]), at: "two:latest")
            let (one, two) = (try await world.pull("one"), try await world.pull("two"))
            #expect(one.layers[0] == two.layers[0])
            #expect(one.layers[1] != two.layers[1])
            #expect(world.registry.count(.GET, ending: Digest(of: base.blob).description) == 1)
        }
    }

    @Test("A layer that an image has twice is there once, where it is uppermost")
    func doubleLayer() async throws {
        try await World.with { world in
            let (a, b) = (TestImage.Layer([.file("a")]), TestImage.Layer([.file("b")]))
            world.registry.add(TestImage([a, b, a]))
            let layers = try await world.pull().layers
            #expect(layers.map { FileManager.default.fileExists(atPath: "\($0)/b") } == [true, false])
        }
    }

    @Test("What was pulled is there after a restart, and is not fetched again")
    func restart() async throws {
        try await World.with { world in
            let image = TestImage(file: "a", "kept")
            world.registry.add(image)
            let before = try await world.pull()
            let again = try await World.open(world.directory, world.address)
            let after = try await again.image(ImageReference("\(world.address)/app"))
            await again.shutDown()
            #expect(after.layers == before.layers)
            #expect(world.registry.count(.GET, ending: Digest(of: image.layers[0].blob).description) == 1)
        }
    }

    @Test("After the machine went down, what may be torn is fetched again", arguments: [true, false])
    func powerLoss(hasSettled: Bool) async throws {
        try await World.with { world in
            let image = TestImage(file: "a", "kept")
            world.registry.add(image)
            let before = try await World.open(world.directory, world.address)
            let layers = try await before.image(ImageReference("\(world.address)/app")).layers
            await before.shutDown()
            // As if both had been written in an earlier boot.
            let name = Digest(of: image.layers[0].archive).hex
            let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8).dropLast()
            for file in ["layer-records/\(name)", "settled"] {
                let path = "\(world.directory)/\(file)"
                let text = try String(contentsOfFile: path, encoding: .utf8)
                try text.replacing(boot, with: "earlier").write(toFile: path, atomically: true, encoding: .utf8)
            }
            if !hasSettled { try FileManager.default.removeItem(atPath: "\(world.directory)/settled") }
            // Once more in between.
            try await World.open(world.directory, world.address).shutDown()
            let after = try await World.open(world.directory, world.address)
            #expect(FileManager.default.fileExists(atPath: layers[0]) == hasSettled)
            let again = try await after.image(ImageReference("\(world.address)/app"))
            #expect(try String(contentsOfFile: "\(again.layers[0])/a", encoding: .utf8) == "kept")
            await after.shutDown()
        }
    }

    @Test("What a crash left half done is removed at the next start")
    func leftovers() async throws {
        try await World.with { world in
            world.registry.add(TestImage(file: "a", "kept"))
            _ = try await world.pull()
            let leftovers = ["unpacking/x", "removing/y", "layers/\(String(repeating: "0", count: 64))"]
            for name in leftovers {
                try FileManager.default.createDirectory(
                    atPath: "\(world.directory)/\(name)/a/b", withIntermediateDirectories: true)
            }
            try Data("torn".utf8).write(
                to: URL(filePath: "\(world.directory)/images/\(String(repeating: "1", count: 64))"))
            let again = try await World.open(world.directory, world.address)
            await again.shutDown()
            #expect(leftovers.allSatisfy { !FileManager.default.fileExists(atPath: "\(world.directory)/\($0)") })
            #expect(try world.names("layers").count == 1)
            #expect(try world.names("images").count == 1)
        }
    }

    @Test("Beyond the limit the image goes that was used least recently, and never one in use")
    func eviction() async throws {
        let large = String(repeating: "x", count: 400_000)
        try await World.with(sizeLimit: 1_000_000) { world in
            for name in ["one", "two", "three", "four"] {
                world.registry.add(TestImage(file: name, large + name), at: "\(name):latest")
            }
            let one = try await world.pull("one")
            let two = try await world.pull("two")
            two.release()
            let three = try await world.pull("three")
            // One is older than two, but in use.
            try await until {
                try !FileManager.default.fileExists(atPath: "\(two.layers[0])") && world.names("images").count == 2
            }
            let four = try await world.pull("four")
            #expect(await world.images.size > 1_000_000)
            for image in [one, three, four] { #expect(FileManager.default.fileExists(atPath: image.layers[0])) }
            one.release()
            try await until { !FileManager.default.fileExists(atPath: one.layers[0]) }
            #expect(await world.images.size <= 1_000_000)
            try await until { try world.names("removing").isEmpty }
        }
    }

    @Test("Who stops waiting for a pull does not stop it for the others")
    func cancelled() async throws {
        try await World.with { world in
            world.registry.add(TestImage(file: "a", String(repeating: "x", count: 1 << 20)))
            let impatient = Task { try await world.pull() }
            async let patient = world.pull()
            impatient.cancel()
            let image = try await patient
            #expect(image.layers.count == 1)
            // It may have had its image already.
            _ = try? await impatient.value
        }
    }

    @Test("On a full disk images that nobody uses make room for one that is pulled, and those in use stay")
    func fullDisk() async throws {
        try await World.with { world in
            // Small as they are in the registry: nobody can tell beforehand how large they are.
            for name in ["one", "two"] {
                let layer = TestImage.Layer([.file(name, String(repeating: "x", count: 3 << 20))]).gzipped
                world.registry.add(TestImage([layer]), at: "\(name):latest")
            }
            try await withSmallDisk(bytes: 5 << 20) { directory in
                let images = try await World.open(directory, world.address)
                func pull(_ name: String) async throws -> Image {
                    try await images.image(ImageReference("\(world.address)/\(name)"))
                }
                let one = try await pull("one")
                let error = await #expect(throws: ImageError.self) { try await pull("two") }
                #expect(error?.kind == .diskFull)
                #expect(FileManager.default.fileExists(atPath: "\(one.layers[0])/one"))
                one.release()
                // It leaves its place a moment later.
                var two: Image?
                for _ in 0..<100 where two == nil { two = try? await pull("two") }
                #expect(FileManager.default.fileExists(atPath: "\(two?.layers[0] ?? "")/two"))
                #expect(!FileManager.default.fileExists(atPath: one.layers[0]))
                await images.shutDown()
            }
        }
    }

    /// A file system of its own, in memory, which is gone afterwards.
    private func withSmallDisk(bytes: Int, _ body: (String) async throws -> Void) async throws {
        let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
        let made = try await Program.run([
            "sh", "-c", "mkdir \(directory) && mount -t tmpfs -o size=\(bytes) landfall-test \(directory)",
        ])
        #expect(made.status == 0, "\(made.errors)")
        let result: Result<Void, any Error>
        do { result = .success(try await body(directory)) } catch { result = .failure(error) }
        _ = try await Program.run(["sh", "-c", "umount -l \(directory) && rmdir \(directory)"])
        try result.get()
    }

    @Test("Of a layer that cannot be kept nothing stays")
    func notKept() async throws {
        try await World.with { world in
            world.registry.add(TestImage(file: "a", String(repeating: "x", count: 100_000)))
            // As on a disk that is full by now, no record can be written.
            let records = "\(world.directory)/layer-records"
            try FileManager.default.removeItem(atPath: records)
            try Data().write(to: URL(filePath: records))
            let error = try await #require(throws: ImageError.self) { _ = try await world.pull() }
            #expect(error.kind == .machine)
            #expect(try world.names("unpacking").isEmpty)
            #expect(try world.names("layers").isEmpty)
        }
    }

    @Test("What images say of themselves takes a bounded part of the memory: the oldest go")
    func largeConfigurations() async throws {
        try await World.with { world in
            for number in 0..<12 {
                var image = TestImage(file: "a", "the same")
                image.environment = ["N=\(number)", "X=\(String(repeating: "x", count: 7 << 20))"]
                world.registry.add(image, at: "app\(number):latest")
                try await world.pull("app\(number)").release()
            }
            try await until { try world.names("images").count <= 9 }
            #expect(try world.names("images").count >= 8)
        }
    }

    @Test("An image that says it is larger than the disk sends no other away")
    func boastfulImage() async throws {
        try await World.with { world in
            world.registry.add(TestImage(file: "a", "kept"))
            let kept = try await world.pull()
            kept.release()
            var boast = TestImage(file: "b", "small")
            boast.layers[0].size = 1 << 40
            world.registry.add(boast, at: "boast:latest")
            await #expect(throws: ImageError.self) { _ = try await world.pull("boast") }
            #expect(FileManager.default.fileExists(atPath: kept.layers[0]))
        }
    }

    @Test("An image that says something wrong of a layer does not spoil the pull of another that has the same")
    func wrongSize() async throws {
        try await World.with { world in
            let image = TestImage(file: "a", String(repeating: "x", count: 1 << 20))
            var wrong = image
            wrong.layers[0].size = 1
            world.registry.add(image, at: "app:latest")
            world.registry.add(wrong, at: "wrong:latest")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        await #expect(throws: ImageError.self) { _ = try await world.pull("wrong") }
                    }
                }
                group.addTask { _ = try await world.pull() }
                try await group.waitForAll()
            }
        }
    }

    private func until(_ holds: () throws -> Bool) async throws {
        for _ in 0..<1200 where try !holds() { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try holds())
    }
}
