import Foundation
import OCI
import Schema
import Testing

@testable import Registry

@Suite("Contents that nothing names")
struct GarbageTests {
    private let path = "/v2/demo/images/report"
    private let day: TimeInterval = 24 * 3600 + 1

    private func files(_ world: RegistryWorld) throws -> Int {
        try FileManager.default.subpathsOfDirectory(atPath: "\(world.path)/blobs").filter { $0.contains("/") }.count
    }

    @Test("stay for a day and then go, and those that an image has stay")
    func collected() async throws {
        let world = try await RegistryWorld()
        try await world.pushImage()
        try await world.push(Data("unused".utf8))
        #expect(try await world.images.collectGarbage() == 0)
        world.clock.advance(by: day)
        #expect(try await world.images.collectGarbage() == 1)
        #expect(try files(world) == 2)
        #expect(try await world.send(.get, "\(path)/blobs/\(Digest(of: Array("layer".utf8)))").text == "layer")
        #expect(try await world.send(.head, "\(path)/blobs/\(Digest(of: Array("unused".utf8)))").status == 404)
    }

    @Test("go with the image, as soon as they are a day old")
    func withImage() async throws {
        let world = try await RegistryWorld()
        let digest = try await world.pushImage()
        world.clock.advance(by: day)
        _ = try await world.send(.delete, "\(path)/manifests/1")
        _ = try await world.send(.delete, "\(path)/manifests/\(digest)")
        #expect(try await world.images.collectGarbage() == 2)
        #expect(try files(world) == 0)
    }

    @Test("stay when a client has just found them there: it is about to name them")
    func askedFor() async throws {
        let world = try await RegistryWorld()
        let blob = Data("wanted".utf8)
        try await world.push(blob)
        world.clock.advance(by: day)
        #expect(try await world.send(.head, "\(path)/blobs/\(Digest(of: blob))").status == 200)
        #expect(try await world.images.collectGarbage() == 0)
    }

    @Test("are read to the end by those who have begun, and come back when they are sent again")
    func readOn() async throws {
        let world = try await RegistryWorld()
        let blob = Data("once more".utf8)
        try await world.push(blob)
        let uid = try #require(world.directory.state.repositories.all.first { $0.resource.project == "demo" }).uid
        let reader = try await world.images.blob(Digest(of: blob), inRepository: uid).open()
        world.clock.advance(by: day)
        #expect(try await world.images.collectGarbage() == 1)
        #expect(try await String(buffer: reader.read(at: 0, count: blob.count)) == "once more")
        try await world.push(blob)
        #expect(try await world.send(.get, "\(path)/blobs/\(Digest(of: blob))").body == blob)
    }

    @Test("are kept while another repository has them")
    func shared() async throws {
        let world = try await RegistryWorld()
        try await world.pushImage()
        let second = try await world.addRepository("second", project: "demo")
        try await world.pushImage(to: "demo/second/report")
        try await world.images.removeRepository(second.uid)
        world.clock.advance(by: day)
        #expect(try await world.images.collectGarbage() == 0)
        #expect(try await world.send(.get, "\(path)/blobs/\(Digest(of: Array("layer".utf8)))").text == "layer")
    }

    @Test("uploads that nobody goes on with go too")
    func uploads() async throws {
        let world = try await RegistryWorld()
        let begun = try await world.send(.post, "\(path)/blobs/uploads/")
        world.clock.advance(by: day)
        try await world.images.collectGarbage()
        #expect(try await world.send(.get, begun.location).code == "BLOB_UPLOAD_UNKNOWN")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(world.path)/uploads").isEmpty)
    }

    @Test("what was being sent to a repository goes with it")
    func uploadsOfRepository() async throws {
        let world = try await RegistryWorld()
        let begun = try await world.send(.post, "\(path)/blobs/uploads/")
        _ = try await world.send(.patch, begun.location, bytes: Data("half of it".utf8))
        let _: Google_Longrunning_Operation = try await world.call(
            "DeleteRepository",
            Google_Devtools_Artifactregistry_V1_DeleteRepositoryRequest.with {
                $0.name = "projects/demo/locations/us-central1/repositories/images"
            })
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(world.path)/uploads").isEmpty)
    }

    @Test("pushes of equal blobs and the collection do not get into each other's way")
    func concurrent() async throws {
        let world = try await RegistryWorld()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    world.clock.advance(by: 3_600)
                    try await world.pushImage("layer \(number % 3)", tag: "\(number)")
                }
                group.addTask { try await world.images.collectGarbage() }
            }
            try await group.waitForAll()
        }
        try await world.images.collectGarbage()
        for number in 0..<3 {
            let layer = "layer \(number)"
            #expect(try await world.send(.get, "\(path)/blobs/\(Digest(of: Array(layer.utf8)))").text == layer)
        }
    }

    @Test("what a killed server left behind is swept away at the start")
    func sweep() async throws {
        let world = try await RegistryWorld()
        try await world.pushImage()
        let shelf = "\(world.path)/blobs/ab"
        try FileManager.default.createDirectory(atPath: shelf, withIntermediateDirectories: true)
        try Data("stray".utf8).write(to: URL(filePath: "\(shelf)/ab\(String(repeating: "0", count: 62))"))
        try Data("stray".utf8).write(to: URL(filePath: "\(world.path)/uploads/\(UUID().uuidString.lowercased())"))
        let kept = Set(world.directory.state.repositories.all.map(\.uid))
        let restarted = try ImageStore(directory: world.path)
        try await restarted.sweep(keeping: kept)
        #expect(try files(world) == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(world.path)/uploads").isEmpty)
        try await restarted.sweep(keeping: [])
        #expect(try await restarted.size(ofRepository: kept.sorted()[0]) == 0)
    }
}
