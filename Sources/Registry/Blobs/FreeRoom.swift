import Foundation
import SystemPackage

/// The room that images leave on the disk: others need some too, and the agent ends tasks when too little is left.
enum FreeRoom {
    /// The agent keeps a twentieth of the disk free, and a gibibyte at most; images leave a quarter more.
    private static let most: UInt64 = 5 << 28

    /// Makes sure that there is room for more.
    ///
    /// - Parameter descriptor: of a file or a directory on the disk.
    /// - Throws: `RegistryError.noSpace`, and what the system says.
    static func check(_ descriptor: FileDescriptor) throws {
        var status = statvfs()
        guard fstatvfs(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        let unit = UInt64(status.f_frsize)
        let reserve = min(UInt64(status.f_blocks) * unit / 16, most)
        guard UInt64(status.f_bavail) * unit > reserve else { throw RegistryError.noSpace }
    }
}
