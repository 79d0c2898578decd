import Access
import Logbook
import Logging
import Methods

/// Writes what callers did into the audit logs: every change, and what the audit configs ask for besides.
///
/// Entries are written in the background. A disk that is full or slow holds up no call and fails none: what cannot be
/// written is dropped, counted, and said in the server's own log.
public final class AuditTrail: CallObserver {
    /// Stores entries, all or none.
    public typealias Append = @Sendable ([LogEntry]) async throws -> Void

    private let directory: any AuditDirectory
    private let append: Append
    private let logger: Logger
    private let queue: EntryQueue
    private let refusals: RefusalBudget
    private let pause: Duration

    /// - Parameters:
    ///   - directory: says what is to be logged.
    ///   - logger: where it is said what could not be written.
    ///   - append: where entries go.
    public convenience init(directory: any AuditDirectory, logger: Logger, append: @escaping Append) {
        self.init(
            directory: directory, logger: logger, queue: EntryQueue(), refusals: RefusalBudget(), pause: .seconds(1),
            append: append)
    }

    /// - Parameter pause: between two attempts to write.
    init(
        directory: any AuditDirectory, logger: Logger, queue: EntryQueue, refusals: RefusalBudget, pause: Duration,
        append: @escaping Append
    ) {
        self.directory = directory
        self.append = append
        self.logger = logger
        self.queue = queue
        self.refusals = refusals
        self.pause = pause
    }

    /// Makes the entries of a call, as far as they are asked for, and has them written.
    public func callEnded(_ call: EndedCall) async {
        // Most calls are looks, and nobody asks for those.
        if !directory.logsMoreThanChanges, call.checks.allSatisfy(\.permission.isReading) { return }
        guard let entries = AuditEntries(call, in: directory) else { return }
        for place in entries.places where isWanted(place, by: entries.principal) {
            guard place.check.decision.isAllowed || refusals.take(entries.principal, at: call.time),
                let entry = try? entries.entry(for: place)
            else {
                queue.drop(1)
                continue
            }
            queue.add(entry)
        }
    }

    private func isWanted(_ place: AuditEntries.Place, by principal: Principal) -> Bool {
        if let type = place.category.logType {
            let resource = place.check.resource
            guard directory.logs(type, of: place.service, by: principal, on: resource) else { return false }
        }
        return directory.exists(place.parent.container)
    }

    /// Writes entries as they come; when its task is cancelled, what is there yet, once.
    public func run() async {
        var lastReport: ContinuousClock.Instant?
        while case let batch = await queue.take(), !batch.isEmpty {
            await write(batch)
            guard lastReport.map({ $0.duration(to: .now) > Self.betweenReports }) ?? true else { continue }
            if report() { lastReport = .now }
        }
        _ = report()
    }

    private static let betweenReports = Duration.seconds(10)

    private func write(_ batch: [LogEntry]) async {
        var hasFailed = false
        while true {
            do {
                return try await append(batch)
            } catch LogbookError.invalidLogName, LogbookError.invalidTimestamp {
                return queue.drop(batch.count)
            } catch {
                if !hasFailed {
                    logger.error(
                        "audit entries cannot be written; this is tried again", metadata: ["error": "\(error)"])
                }
                hasFailed = true
                guard !Task.isCancelled else { return queue.drop(batch.count) }
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Says how many entries were dropped; false when there were none.
    private func report() -> Bool {
        let dropped = queue.takeDropped()
        guard dropped > 0 else { return false }
        logger.warning(
            "audit entries were dropped: too many came at a time, or they could not be written",
            metadata: ["count": "\(dropped)"])
        return true
    }
}
