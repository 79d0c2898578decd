import Schema
import SwiftProtobuf
import SystemPackage

/// Whose output a pipe carries.
struct LogSource: Sendable {
    var attempt: Landfall_Agent_V1_Attempt
    /// The step's position.
    var step: UInt32
    var stream: Landfall_Agent_V1_Lines.Stream
    var job: JobLog
    /// Where the lines are written to, when they are no log entries (Batch, `PATH`).
    var files: AttemptLogFiles?

    /// It is standard error.
    var isError: Bool { stream == .stderr }

    /// The lines are wanted; else they are read and thrown away.
    var isKept: Bool { job.isKept || files != nil }
}

/// A pipe that is being read, and the line that is being put together from it.
struct LogPipe {
    let descriptor: FileDescriptor
    let source: LogSource
    let latch: DrainLatch
    private var splitter = LineSplitter()

    /// So many lines go into one item at most; with `LineSplitter.longest` it bounds an item's size to well
    /// under 1 MiB.
    private static let linesPerItem = 4096

    init(descriptor: FileDescriptor, source: LogSource, latch: DrainLatch) {
        self.descriptor = descriptor
        self.source = source
        self.latch = latch
    }

    /// Takes bytes that were read now.
    mutating func take(_ bytes: UnsafeRawBufferPointer, to outbox: Outbox) {
        guard source.isKept else { return }
        var lines: [LineSplitter.Line] = []
        splitter.read(bytes, into: &lines)
        send(lines, to: outbox)
    }

    /// Takes the end of the stream.
    mutating func finish(to outbox: Outbox) {
        guard source.isKept else { return }
        var lines: [LineSplitter.Line] = []
        splitter.finish(into: &lines)
        send(lines, to: outbox)
    }

    private func send(_ lines: [LineSplitter.Line], to outbox: Outbox) {
        if let files = source.files { return files.write(lines, step: Int(source.step), isError: source.isError) }
        let time = Google_Protobuf_Timestamp.now()
        var rest = lines[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.linesPerItem)
            rest = rest.dropFirst(Self.linesPerItem)
            let message = Landfall_Agent_V1_Lines.with {
                $0.step = source.step
                $0.stream = source.stream
                $0.lines = part.map { line in
                    .with {
                        $0.time = time
                        $0.text = line.text
                        $0.continues = line.continues
                    }
                }
            }
            outbox.add(.lines(message), of: source.attempt)
        }
    }
}
