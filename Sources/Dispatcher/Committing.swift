import FoundationEssentials
import Schema
import Store
import Workload

extension Dispatcher {
    /// Returns when everything that has happened so far is on disk.
    ///
    /// - Throws: what the store throws; the change stays in memory and is tried again.
    func durable() async throws {
        try await withCheckedThrowingContinuation { continuation in
            journal.waiters.append(continuation)
            commitSoon()
        }
    }

    /// Returns when there is room for more reports.
    func room() async {
        while journal.entryBytes > settings.largestBacklog {
            await withCheckedContinuation { continuation in
                roomWaiters.append(continuation)
                commitSoon()
            }
        }
    }

    /// Sees to it that what has changed is committed, together with what comes while an earlier commit is under way.
    func commitSoon() {
        guard !isCommitting else { return }
        isCommitting = true
        Task {
            while !journal.isEmpty { await commit() }
            isCommitting = false
        }
    }

    private func commit() async {
        var batch = journal
        journal = Journal()
        guard !isAbandoned else {
            for waiter in batch.waiters { waiter.resume(throwing: CancellationError()) }
            return
        }
        let change = batch.change { ledgers[$0]?.job }
        var isLogged = batch.entries.isEmpty
        while true {
            do {
                // Lines first: reports are acknowledged only when their lines are kept, and a repeat after a
                // crash in between bears the same insert ids.
                if !isLogged { try await logbook.append(batch.entries) }
                isLogged = true
                if let change { try await store.apply(change) }
                break
            } catch {
                logger.error("cannot commit, will try again", metadata: ["error": "\(error)"])
                for waiter in batch.waiters { waiter.resume(throwing: error) }
                batch.waiters = []
                if isStopped {
                    // What follows rests on what could not be written.
                    isAbandoned = true
                    return
                }
                try? await Task.sleep(for: settings.commitRetry)
            }
        }
        publish(batch)
    }

    /// Does what had to wait for the commit.
    private func publish(_ batch: Journal) {
        for (incarnation, sequence) in batch.progress {
            guard let node = node(of: incarnation), node.durable <= sequence else { continue }
            node.durable = sequence
            node.send(.ack(.with { $0.applied = sequence }))
        }
        for message in batch.messages {
            guard let node = nodes[message.node], node.connection?.number == message.connection else { continue }
            node.send(message.kind)
        }
        for uid in batch.over where !journal.concerns(uid) { forget(uid) }
        for waiter in batch.waiters { waiter.resume() }
        for waiter in roomWaiters { waiter.resume() }
        roomWaiters = []
    }

    private func forget(_ uid: String) {
        guard let ledger = ledgers[uid], ledger.isOver else { return }
        ledgers[uid] = nil
        if names[ledger.job.name] == uid { names[ledger.job.name] = nil }
    }
}
