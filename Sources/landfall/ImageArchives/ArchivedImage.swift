import Foundation
import OCI

/// An image taken out of an archive or directory, ready to be pushed.
struct ArchivedImage {
    struct Blob {
        let digest: Digest
        let part: FilePart
    }

    struct Manifest {
        let bytes: [UInt8]
        let mediaType: String

        var digest: Digest { Digest(of: bytes) }
    }

    /// Configurations and layers, each once.
    var blobs: [Blob] = []
    /// What an index leads to first, the image itself last.
    var manifests: [Manifest] = []

    /// Reads the image of an OCI layout, or of what `docker save` writes.
    ///
    /// - Parameter name: which one, where there are several: a tag or a name of it.
    /// - Throws: `CommandFailure`
    init(in files: ImageFiles, named name: String?) throws {
        if let index = try files.document("index.json", as: OCILayout.Document.self) {
            try OCILayout(files: files).read(index, named: name, into: &self)
        } else if let images = try files.document("manifest.json", as: [DockerArchive.Entry].self) {
            try DockerArchive(files: files).read(images, named: name, into: &self)
        } else {
            throw CommandFailure("There is neither an 'index.json' nor a 'manifest.json': that is no image.")
        }
    }

    mutating func add(_ blob: Blob) {
        if !blobs.contains(where: { $0.digest == blob.digest }) { blobs.append(blob) }
    }
}

/// Says which of several images is meant.
func chooseImage<Image>(_ images: [(names: [String], image: Image)], named name: String?) throws -> Image {
    let matching = images.filter { name == nil || $0.names.contains { $0 == name || $0.hasSuffix(":\(name ?? "")") } }
    if matching.count == 1, let only = matching.first { return only.image }
    let names = images.flatMap(\.names).sorted().map { "'\($0)'" }.joined(separator: ", ")
    let what =
        name.map { "\(matching.count) of the images in the file are called '\($0)'" }
        ?? "There are \(images.count) images in the file"
    throw CommandFailure("\(what). Choose one with --image: \(names.isEmpty ? "they have no names" : names).")
}
