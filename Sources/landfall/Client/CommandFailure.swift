import ArgumentParser

/// A failure that is told in one sentence; the exit code is 1.
struct CommandFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
