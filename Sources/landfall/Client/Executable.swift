import Foundation

/// This program.
enum Executable {
    /// Absolute path of the file that runs.
    static var path: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
