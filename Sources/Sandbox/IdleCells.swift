import Synchronization

/// Cells between two attempts. They wait for the next of their job, and not for long.
final class IdleCells: Sendable {
    /// As many wait at most; each has a process, a network namespace and groups.
    private static let limit = 32
    /// How long a cell waits, and how often that is looked at.
    private static let patience = Duration.seconds(1)
    private static let pause = Duration.milliseconds(500)

    private struct Idle {
        var cell: Cell
        var since: ContinuousClock.Instant
    }

    private struct State {
        var cells: [Cell.Kind: [Idle]] = [:]
        var count = 0
        var isSwept = false
        var isOver = false
    }

    private let state = Mutex(State())

    /// A cell that has served an attempt of this kind and is as it was before.
    func take(_ kind: Cell.Kind) -> Cell? {
        state.withLock { state in
            guard let idle = state.cells[kind]?.popLast() else { return nil }
            if state.cells[kind]?.isEmpty == true { state.cells[kind] = nil }
            state.count -= 1
            return idle.cell
        }
    }

    /// Takes a cell that is as it was before its attempt. Returns false for one that is not wanted.
    func add(_ cell: Cell) -> Bool {
        guard let kind = cell.kind else { return false }
        let (isAdded, isFirst) = state.withLock { state in
            guard !state.isOver, state.count < Self.limit else { return (false, false) }
            state.cells[kind, default: []].append(Idle(cell: cell, since: .now))
            state.count += 1
            defer { state.isSwept = true }
            return (true, !state.isSwept)
        }
        if isFirst { Task { await sweep() } }
        return isAdded
    }

    /// Removes all cells, and takes none any more.
    func close() async {
        state.withLock { $0.isOver = true }
        await dispose(state.withLock { Self.removeAll(from: &$0) { _ in true } })
    }

    /// Removes those that wait for nobody, as long as there are any.
    private func sweep() async {
        while true {
            try? await Task.sleep(for: Self.pause)
            let (late, isLast) = state.withLock { state in
                let late = Self.removeAll(from: &state) { $0.since.duration(to: .now) >= Self.patience }
                state.isSwept = state.count > 0
                return (late, !state.isSwept)
            }
            await dispose(late)
            if isLast { return }
        }
    }

    private func dispose(_ cells: [Cell]) async {
        await withTaskGroup(of: Void.self) { group in
            for cell in cells { group.addTask { _ = await cell.dispose() } }
        }
    }

    private static func removeAll(from state: inout State, where isChosen: (Idle) -> Bool) -> [Cell] {
        var removed: [Cell] = []
        for (kind, idle) in state.cells {
            let kept = idle.filter { !isChosen($0) }
            removed += idle.filter(isChosen).map(\.cell)
            state.cells[kind] = kept.isEmpty ? nil : kept
        }
        state.count -= removed.count
        return removed
    }
}
