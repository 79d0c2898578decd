import Foundation

/// Lines that scroll, above one last line that is written over: on a terminal. Elsewhere only changes of the last
/// line are printed.
struct LiveLine {
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private let isQuiet: Bool
    private var current = ""

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    /// Prints a line above the live one.
    func show(_ line: String) {
        guard !isQuiet else { return }
        write(isTerminal && !current.isEmpty ? "\r\u{1B}[K\(line)\n\(current)" : "\(line)\n")
    }

    /// Replaces the live line.
    mutating func update(_ line: String) {
        guard !isQuiet, line != current else { return }
        current = line
        write(isTerminal ? "\r\u{1B}[K\(line)" : "\(line)\n")
    }

    /// Leaves the live line standing.
    mutating func end() {
        guard !isQuiet else { return }
        if isTerminal, !current.isEmpty { write("\n") }
        current = ""
    }

    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
