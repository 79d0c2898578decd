import CLinux
import CSandbox
import FoundationEssentials
import Glibc
import OCI

/// The cache's files, in a directory of root's alone.
///
///     layers/HEX/         what is in a layer, by the digest of its archive
///     layer-records/HEX   `LayerRecord`, written before the layer gets its name
///     images/HEX          `ImageRecord`, its modification time that of its last use
///     unpacking/UUID      layers that are not verified yet, and records that are not whole yet
///     removing/UUID       layers that are being removed
///     settled             the ids of boots whose layers are on the disk for good
///
/// Removing takes long; it and the functions that throw are not for Swift concurrency's threads.
struct CacheFiles: Sendable {
    let directory: String
    /// The kernel's id of this boot.
    let boot: String

    private enum Folder: String, CaseIterable {
        case layers
        case records = "layer-records"
        case images
        case unpacking
        case removing
    }

    /// Makes what is missing.
    ///
    /// - Throws: `ImageError`
    init(directory: String) throws {
        self.directory = directory
        let boot = try? String(contentsOf: URL(filePath: "/proc/sys/kernel/random/boot_id"), encoding: .utf8)
        self.boot = String((boot ?? "").prefix { $0 != "\n" })
        for path in [directory] + Folder.allCases.map({ "\(directory)/\($0.rawValue)" }) {
            guard mkdir(path, 0o700) == 0 || errno == EEXIST, chmod(path, 0o700) == 0 else {
                throw Self.failure("make \(path)")
            }
        }
    }

    /// Where a layer's files are.
    func path(ofLayer id: Digest) -> String { path(.layers, id.hex) }

    // MARK: Layers

    /// A new directory to unpack a layer into.
    func newDirectory() throws -> String {
        let path = path(.unpacking, UUID().uuidString)
        guard mkdir(path, 0o755) == 0, chmod(path, 0o755) == 0 else { throw Self.failure("make \(path)") }
        return path
    }

    /// Gives a verified layer its place, unless it is there already. Nothing is left elsewhere, whatever happens.
    func keep(_ unpacked: String, as record: LayerRecord) throws {
        do {
            try write(record)
            guard rename(unpacked, path(ofLayer: record.id)) != 0 else { return }
            guard errno == ENOTEMPTY || errno == EEXIST else { throw Self.failure("keep the layer \(record.id)") }
        } catch {
            remove(unpacked)
            throw error
        }
        remove(unpacked)
    }

    /// Writes what is known of a layer.
    func write(_ record: LayerRecord) throws { try write(record, to: path(.records, record.id.hex)) }

    /// Takes a layer away and returns where it is now, to be removed. At the latest the next start does that.
    func takeAway(_ id: Digest) -> String? {
        let path = path(.removing, UUID().uuidString)
        unlink(self.path(.records, id.hex))
        return rename(self.path(ofLayer: id), path) == 0 ? path : nil
    }

    /// Removes a directory that no layer has become of.
    func remove(_ path: String) {
        let parts = path.split(separator: "/")
        guard let name = parts.last else { return }
        let parent = open("/" + parts.dropLast().joined(separator: "/"), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        defer { close(parent) }
        _ = sandbox_remove_tree(parent, String(name))
    }

    /// The free room of the disk in bytes; nil when it cannot be told.
    func freeRoom() -> Int? {
        var disk = statvfs()
        return statvfs(directory, &disk) == 0 ? Int(disk.f_bavail) * Int(disk.f_frsize) : nil
    }

    // MARK: Images

    /// Writes what is known of an image.
    func write(_ record: ImageRecord) throws { try write(record, to: path(.images, record.digest.hex)) }

    /// Notes that an image is being used.
    func touch(image digest: Digest) { utimensat(AT_FDCWD, path(.images, digest.hex), nil, 0) }

    /// Forgets an image; its layers stay.
    func removeImage(_ digest: Digest) { unlink(path(.images, digest.hex)) }

    // MARK: The start

    /// The layers that are whole; what else is there of layers is removed. That goes for those, too, that were written
    /// before the machine went down without a word.
    func loadLayers() -> [LayerRecord] {
        let settled = settledBoots()
        for folder in [Folder.unpacking, .removing] {
            for name in names(folder) { remove(path(folder, name)) }
        }
        let records = names(.records).compactMap { name -> LayerRecord? in
            let record: LayerRecord? = read(path(.records, name))
            guard let record, record.id.hex == name, access(path(.layers, name), F_OK) == 0,
                record.boot == boot || settled.contains(record.boot)
            else {
                unlink(path(.records, name))
                return nil
            }
            return record
        }
        // More will be written in this boot.
        try? writeSettled(settled.intersection(records.map(\.boot)).subtracting([boot]))
        let known = Set(records.map(\.id.hex))
        for name in names(.layers) where !known.contains(name) { remove(path(.layers, name)) }
        return records
    }

    /// The images, least recently used first.
    func loadImages() -> [ImageRecord] {
        names(.images).compactMap { name -> (ImageRecord, Int)? in
            var status = stat()
            let record: ImageRecord? = read(path(.images, name))
            guard let record, record.digest.hex == name, stat(path(.images, name), &status) == 0 else {
                unlink(path(.images, name))
                return nil
            }
            return (record, status.st_mtim.tv_sec)
        }
        .sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// Brings everything to the disk, and notes that it is there.
    func settle() throws {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open \(directory)") }
        defer { close(descriptor) }
        guard clinux_sync_file_system(descriptor) == 0 else { throw Self.failure("be brought to the disk") }
        try writeSettled(settledBoots().union([boot]))
    }

    private func settledBoots() -> Set<String> {
        let text = try? String(contentsOf: URL(filePath: "\(directory)/settled"), encoding: .utf8)
        return Set((text ?? "").split(separator: "\n").map(String.init))
    }

    private func writeSettled(_ boots: Set<String>) throws {
        try write(Data(boots.sorted().joined(separator: "\n").utf8), to: "\(directory)/settled")
    }

    private func path(_ folder: Folder, _ name: String) -> String { "\(directory)/\(folder.rawValue)/\(name)" }

    private func names(_ folder: Folder) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(folder.rawValue)")) ?? []
    }

    private func read<Record: Decodable>(_ path: String) -> Record? {
        (try? Data(contentsOf: URL(filePath: path))).flatMap { try? JSONDecoder().decode(Record.self, from: $0) }
    }

    private func write(_ record: some Encodable, to path: String) throws {
        try write(JSONEncoder().encode(record), to: path)
    }

    /// Writes a file as a whole or not at all, as long as the machine stays up: what a boot that did not end well has
    /// written is not believed anyway, and to wait for the disk here would mean to wait for all that was unpacked.
    private func write(_ data: Data, to path: String) throws {
        let new = self.path(.unpacking, UUID().uuidString)
        do {
            try data.write(to: URL(filePath: new))
            guard rename(new, path) == 0 else { throw Self.failure("name \(path)") }
        } catch {
            unlink(new)
            if let error = error as? ImageError { throw error }
            let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
            throw ImageError(isFull ? .diskFull : .machine, "\(path) cannot be written: \(error)")
        }
    }

    private static func failure(_ doing: String) -> ImageError {
        let isFull = errno == ENOSPC || errno == EDQUOT
        return ImageError(
            isFull ? .diskFull : .machine, "The image cache cannot \(doing): \(String(cString: strerror(errno))).")
    }
}
