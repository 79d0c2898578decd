import FoundationEssentials
import Glibc

/// Cuts a stream of bytes into lines.
///
/// Lines end with a newline, which is not part of them; whatever else a line holds is kept. What follows the last
/// newline is a line as well. A line longer than `longest` is cut into pieces.
struct LineSplitter {
    /// The most bytes that a piece of a line may have.
    static let longest = 256 * 1024

    /// A line, or a piece of one.
    struct Line: Hashable {
        var text: Data
        /// The line was cut, and goes on in the next piece.
        var continues: Bool
    }

    /// The beginning of a line whose end has not been read.
    private var pending = Data()

    /// Takes the next bytes and appends the lines that they complete to `lines`.
    mutating func read(_ bytes: UnsafeRawBufferPointer, into lines: inout [Line]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = Self.newline(in: rest).map { rest.startIndex + $0 }
            extend(with: rest[..<(end ?? rest.endIndex)], into: &lines)
            guard let end else { return }
            lines.append(Line(text: pending, continues: false))
            pending = Data()
            rest = rest[(end + 1)...]
        }
    }

    /// Takes the end of the stream: the line without a newline, if there is one.
    mutating func finish(into lines: inout [Line]) {
        guard !pending.isEmpty else { return }
        lines.append(Line(text: pending, continues: false))
        pending = Data()
    }

    /// Adds to the pending line, cutting it whenever it would grow too long.
    private mutating func extend(with part: Slice<UnsafeRawBufferPointer>, into lines: inout [Line]) {
        var rest = part
        while pending.count + rest.count > Self.longest {
            let piece = rest.prefix(Self.longest - pending.count)
            pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece))
            lines.append(Line(text: pending, continues: true))
            pending = Data()
            rest = rest[piece.endIndex...]
        }
        if !rest.isEmpty { pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest)) }
    }

    private static func newline(in bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes)
        guard let start = bytes.baseAddress, let found = memchr(start, 0x0A, bytes.count) else { return nil }
        return found - UnsafeMutableRawPointer(mutating: start)
    }
}
