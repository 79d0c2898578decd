import Logbook
import Methods
import Schema

/// `TailLogEntries`: the first request starts, each further one changes what is followed.
struct EntryTail {
    /// How long entries are held back to be put in order, unless the request says otherwise (Logging API).
    private static let defaultWindow = Duration.seconds(2)
    private static let longestWindow = Duration.seconds(60)
    private static let entriesPerResponse = 1000

    let logbook: Logbook

    func answer(
        _ requests: AsyncThrowingStream<Google_Logging_V2_TailLogEntriesRequest, any Error>,
        _ send: @escaping @Sendable (Google_Logging_V2_TailLogEntriesResponse) async throws -> Void, _ call: Call
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var open: LogTail?
            for try await request in requests {
                let selection = try await Self.selection(request, call)
                if let open {
                    open.follow(selection)
                } else {
                    let tail = try tail(selection)
                    open = tail
                    group.addTask { try await Self.forward(tail, send) }
                }
            }
            guard open != nil else { throw ServiceError.invalidArgument("The stream has no request.") }
            // A client that has said all goes on listening.
            try await group.waitForAll()
        }
    }

    private func tail(_ selection: TailSelection) throws -> LogTail {
        do {
            return try logbook.tail(selection)
        } catch LogbookError.tooManyTails(let limit) {
            throw ServiceError(.resourceExhausted, "All of the \(limit) sessions that can follow logs are in use.")
        }
    }

    private static func selection(
        _ request: Google_Logging_V2_TailLogEntriesRequest, _ call: Call
    ) async throws -> TailSelection {
        let views = try await LogParents.readable(request.resourceNames, call)
        var window = defaultWindow
        if request.hasBufferWindow {
            window = .seconds(request.bufferWindow.seconds) + .nanoseconds(Int64(request.bufferWindow.nanos))
            guard (.zero...longestWindow).contains(window) else {
                throw ServiceError.invalidArgument(
                    "buffer_window must be between 0 and 60 seconds.", field: "buffer_window")
            }
        }
        return TailSelection(views: views, filter: try .compiled(request.filter), window: window)
    }

    private static func forward(
        _ tail: LogTail, _ send: @Sendable (Google_Logging_V2_TailLogEntriesResponse) async throws -> Void
    ) async throws {
        for await batch in tail {
            var rest = batch.entries[...]
            var suppressed = batch.suppressed
            while !rest.isEmpty || suppressed > 0 {
                let (part, size) = responseful(rest)
                try await send(response(part, suppressed: suppressed))
                rest = rest.dropFirst(size)
                suppressed = 0
            }
        }
    }

    /// As many entries as one message should carry: clients take 4 MiB unless told otherwise.
    private static func responseful(_ entries: ArraySlice<LogEntry>) -> (ArraySlice<LogEntry>, Int) {
        var bytes = 0
        let part = entries.prefix(entriesPerResponse).prefix { entry in
            bytes += entry.approximateSize
            return bytes <= 2 << 20
        }
        let size = max(part.count, min(1, entries.count))
        return (entries.prefix(size), size)
    }

    private static func response(
        _ entries: ArraySlice<LogEntry>, suppressed: Int
    ) -> Google_Logging_V2_TailLogEntriesResponse {
        .with {
            $0.entries = Array(entries)
            guard suppressed > 0 else { return }
            $0.suppressionInfo = [
                .with {
                    $0.reason = .notConsumed
                    $0.suppressedCount = Int32(clamping: suppressed)
                }
            ]
        }
    }
}
