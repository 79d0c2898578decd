import FoundationEssentials
import Schema
import SwiftProtobuf
import Workload

/// One of the two streams of a step.
struct LogStream: Hashable {
    let step: UInt32
    let isError: Bool
}

/// A line that was cut: its id, and how many pieces came.
struct LogSplit: Hashable {
    let uid: String
    var pieces: Int32
}

/// Turns lines that a task printed into log entries.
///
/// What is written for an item depends on nothing but the item and what was committed before it: a repeat gives
/// the same entries.
struct LogWriter {
    private let base: Google_Logging_V2_LogEntry
    private let item: Landfall_Agent_V1_Item
    private let lines: Landfall_Agent_V1_Lines
    private let incarnation: String

    /// What an entry takes in memory and in the logbook beside its text, in bytes: so that short lines, and empty
    /// ones, are bounded too.
    static let entryCost = 256

    init(
        template: LogTemplate, steps: [Step], task: TaskRecord, item: Landfall_Agent_V1_Item,
        lines: Landfall_Agent_V1_Lines, incarnation: String
    ) {
        self.item = item
        self.lines = lines
        self.incarnation = incarnation
        var base = Google_Logging_V2_LogEntry()
        let logID = lines.stream == .stderr ? template.errorLogID ?? template.logID : template.logID
        base.logName = "projects/\(template.project)/logs/\(logID)"
        base.resource.type = template.resourceType
        base.resource.labels = template.resourceLabels
        base.labels = template.labels.mapValues {
            $0.filled(index: task.index, attempt: task.attempt, step: Int(lines.step))
        }
        if steps.indices.contains(Int(lines.step)) {
            base.labels.merge(steps[Int(lines.step)].labels) { _, own in own }
        }
        base.severity = lines.stream == .stderr ? .error : .info
        self.base = base
    }

    /// The entries of all lines, as far as the job's limit allows.
    ///
    /// - Parameters:
    ///   - split: the cut line that is under way on this stream.
    ///   - logged: how many bytes the job has logged, `entryCost` for each entry among them; above `limit` from the
    ///     moment that a line did not fit.
    ///   - now: the time of lines that bear none that could be.
    func entries(
        split: inout LogSplit?, logged: inout Int, limit: Int, now: Date
    ) -> (entries: [Google_Logging_V2_LogEntry], bytes: Int) {
        var entries: [Google_Logging_V2_LogEntry] = []
        var bytes = 0
        for (number, line) in lines.lines.enumerated() {
            let size = line.text.count + Self.entryCost
            var entry = base
            entry.timestamp = time(of: line, now: now)
            entry.insertID = insertID(of: number)
            guard size <= limit - logged else {
                entry.severity = .warning
                entry.textPayload = """
                    The job's log has reached its limit of \(limit) bytes, with \(Self.entryCost) for each entry; what \
                    follows is not kept.
                    """
                entries.append(entry)
                logged = limit + 1
                break
            }
            logged += size
            bytes += size
            fill(&entry, with: line, split: &split)
            entries.append(entry)
        }
        return (entries, bytes)
    }

    private func time(of line: Landfall_Agent_V1_Line, now: Date) -> Google_Protobuf_Timestamp {
        if line.hasTime, Self.canBe(line.time) { return line.time }
        return item.hasTime && Self.canBe(item.time) ? item.time : Google_Protobuf_Timestamp(date: now)
    }

    /// Whether a logbook can keep a time, whatever the agent's clock: one entry that it must refuse would hold up all.
    private static func canBe(_ time: Google_Protobuf_Timestamp) -> Bool {
        (0..<1 << 33).contains(time.seconds) && (0..<1_000_000_000).contains(time.nanos)
    }

    private func fill(
        _ entry: inout Google_Logging_V2_LogEntry, with line: Landfall_Agent_V1_Line, split: inout LogSplit?
    ) {
        guard line.continues || split != nil else {
            if StructuredLine.fill(&entry, with: line.text) { return }
            entry.textPayload = String(decoding: line.text, as: UTF8.self)
            return
        }
        var current = split ?? LogSplit(uid: entry.insertID, pieces: 0)
        entry.textPayload = String(decoding: line.text, as: UTF8.self)
        entry.split.uid = current.uid
        entry.split.index = current.pieces
        current.pieces += 1
        // How many pieces there are is known with the last one only.
        if !line.continues { entry.split.totalSplits = current.pieces }
        split = line.continues ? current : nil
    }

    /// Sorts as the lines were printed, and is the same when the item comes again.
    private func insertID(of line: Int) -> String {
        "\(Self.hex(item.sequence, 16))-\(Self.hex(UInt64(line), 6))-\(incarnation)"
    }

    private static func hex(_ value: UInt64, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
