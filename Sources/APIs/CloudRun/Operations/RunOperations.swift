import FoundationEssentials
import Schema
import Store
import SwiftProtobuf
import Workload

extension CloudRunContext {
    /// An operation that has just begun.
    ///
    /// - Parameters:
    ///   - id: the last part of its name.
    ///   - message: the job or the execution that it is on.
    func operation(
        _ id: String, on message: some Message, in place: Place, goal: RunOperationRecord.Goal = .none,
        execution: String? = nil
    ) throws -> RunOperationRecord {
        RunOperationRecord(
            name: "\(place.name)/operations/\(id)", project: place.project, location: place.region, createdAt: now(),
            goal: goal, execution: execution,
            snapshot: try Google_Protobuf_Any(message: message).serializedBytes())
    }

    /// An operation on an execution, kept unless it only tries what would be.
    ///
    /// - Parameter last: what it says of the execution when that is gone; nil: how it stands.
    func operation(
        on execution: ExecutionState, lastSeen last: V2.Execution? = nil, in place: Place,
        goal: RunOperationRecord.Goal, isKept: Bool
    ) async throws -> V2.Operation {
        let record = try operation(
            makeUUID().uuidString.lowercased(), on: last ?? Version2.message(execution, in: place), in: place,
            goal: isKept ? goal : .none, execution: isKept ? execution.record.uid : nil)
        if isKept { try await jobs.insertRunOperation(record) }
        return try await message(record, in: place)
    }

    /// An operation as clients read it. A finished one has a response or an error: clients that wait for it fail without.
    func message(_ record: RunOperationRecord, in place: Place) async throws -> V2.Operation {
        var operation = V2.Operation()
        operation.name = record.name
        let snapshot = try Google_Protobuf_Any(serializedBytes: record.snapshot)
        operation.metadata = snapshot
        guard let uid = record.execution else {
            operation.done = true
            operation.response = snapshot
            return operation
        }
        guard let found = try await executions.job(uid: uid) else {
            operation.done = true
            if record.goal == .executionGone || record.goal == .executionStopped {
                operation.response = snapshot
            } else {
                operation.error = .with {
                    $0.code = Google_Rpc_Code.cancelled.rawValue32
                    $0.message = "The execution was deleted."
                }
            }
            return operation
        }
        let state = try await state(of: found)
        operation.metadata = try await present(snapshot, state, in: place)
        finish(&operation, record.goal, state)
        return operation
    }

    /// The job or the execution that an operation is on, as it is now.
    private func present(_ snapshot: Google_Protobuf_Any, _ state: ExecutionState, in place: Place) async throws
        -> Google_Protobuf_Any
    {
        guard snapshot.isA(V2.Job.self) else {
            return try Google_Protobuf_Any(message: Version2.message(state, in: place))
        }
        guard let uid = state.record.owner, let job = try await jobs.runJob(uid: uid) else { return snapshot }
        return try Google_Protobuf_Any(message: Version2.message(try await stored(job), in: place))
    }

    private func finish(_ operation: inout V2.Operation, _ goal: RunOperationRecord.Goal, _ state: ExecutionState) {
        switch goal {
        case .none: break
        case .executionGone: return
        case .executionStarted: guard state.record.startedAt != nil || state.outcome != nil else { return }
        case .executionEnded, .executionStopped: guard state.outcome != nil else { return }
        }
        operation.done = true
        if goal == .executionEnded, case .failed(let timedOut)? = state.outcome {
            operation.error = .with {
                $0.code = (timedOut ? Google_Rpc_Code.deadlineExceeded : .aborted).rawValue32
                $0.message = state.completed.message
            }
        } else {
            operation.response = operation.metadata
        }
    }
}

extension Google_Rpc_Code {
    fileprivate var rawValue32: Int32 { Int32(truncatingIfNeeded: rawValue) }
}
