import Foundation

/// The files of an image outside a registry: a directory, or a tar archive.
enum ImageFiles {
    case directory(String)
    case archive(TarIndex)

    /// Looks at what is at a path.
    ///
    /// - Throws: `CommandFailure`
    init(_ path: String) throws {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        self = exists && isDirectory.boolValue ? .directory(path) : .archive(try TarIndex(OpenFile(path)))
    }

    /// A file by its name; nil when there is none.
    func file(_ name: String) throws -> FilePart? {
        switch self {
        case .directory(let path):
            let place = "\(path)/\(name)"
            guard FileManager.default.fileExists(atPath: place) else { return nil }
            let file = try OpenFile(place)
            return FilePart(file: file, offset: 0, length: file.length)
        case .archive(let index):
            return Self.find(name, in: index)
        }
    }

    /// docker save writes a layer that images share once, and links to it.
    private static func find(_ name: String, in index: TarIndex) -> FilePart? {
        var name = name
        for _ in 0..<5 {
            if let file = index.files[name] { return file }
            guard let target = index.links[name] else { return nil }
            let folder = name.split(separator: "/").dropLast().joined(separator: "/")
            name = index.files[target] == nil ? Self.plain("\(folder)/\(target)") : target
        }
        return nil
    }

    private static func plain(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// A document of JSON; nil when there is none of that name.
    func document<Document: Decodable>(_ name: String, as: Document.Type) throws -> Document? {
        guard let bytes = try file(name)?.document() else { return nil }
        do {
            return try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch {
            throw CommandFailure("'\(name)' of the image cannot be read: \(error)")
        }
    }
}
