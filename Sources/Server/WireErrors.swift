import Directory
import Dispatcher
import Identity
import Logbook
import Methods
import Registry
import Secrets
import Store

/// What the wire says of errors of the lower floors that a handler lets through.
enum WireErrors {
    /// The answer for an error; nil for one that no client should ever see.
    @Sendable static func translate(_ error: any Error) -> ServiceError? {
        switch error {
        case StoreError.noSpace, LogbookError.noSpace, RegistryError.noSpace, SecretStoreError.noSpace:
            // Not UNAVAILABLE: clients repeat that, and a full disk stays full.
            ServiceError(.resourceExhausted, "The server's disk is full or cannot be written: nothing was changed.")
        case StoreError.conflict, DirectoryError.conflict:
            ServiceError(.aborted, "The resource was changed by another call meanwhile: read it again and repeat.")
        case StoreError.alreadyExists, DirectoryError.alreadyExists:
            ServiceError.alreadyExists("The resource already exists.")
        case DirectoryError.limitReached(let limit):
            ServiceError(.resourceExhausted, "There are as many as this server keeps: \(limit).")
        case LogbookError.tooManyTails(let limit):
            ServiceError(.resourceExhausted, "As many tails as this server serves (\(limit)) are open.")
        case let error as OSLoginError:
            ServiceError.failedPrecondition(
                "\(error.principal.name) has no OS Login account: every POSIX user name made of the name is taken.")
        case let error as AgentError:
            agent(error)
        default:
            nil
        }
    }

    private static func agent(_ error: AgentError) -> ServiceError {
        switch error {
        case .helloExpected: .invalidArgument("The first message of an agent is its Hello, and no later one.")
        case .badHello(let reason): .invalidArgument("The agent's Hello cannot be taken: \(reason).", field: "hello")
        case .replaced: ServiceError(.aborted, "The agent has another connection, or the server is about to stop.")
        }
    }
}
