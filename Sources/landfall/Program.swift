import ArgumentParser
import Dispatch
import Foundation

/// The program: parses its arguments and runs the verb that they name.
///
/// A verb that does not wait runs on the main thread, before there is any other. `up` gives up root there: a thread
/// that exists already would keep it.
@main
enum Program {
    static func main() {
        do {
            var verb = try Landfall.parseAsRoot()
            guard let asynchronous = verb as? any AsyncParsableCommand else {
                try verb.run()
                Landfall.exit()
            }
            // Safe: handed over, and used by the task alone.
            nonisolated(unsafe) var handedOver = asynchronous
            runToTheEnd { try await handedOver.run() }
        } catch {
            end(with: error)
        }
    }

    /// Ends the program: 1 when a job or a call failed, 2 for a command line that makes no sense.
    private static func end(with error: any Error) -> Never {
        guard Landfall.exitCode(for: error) == .validationFailure else { Landfall.exit(withError: error) }
        FileHandle.standardError.write(Data((Landfall.fullMessage(for: error) + "\n").utf8))
        exit(2)
    }

    /// Runs what waits, and ends the program with it. To be called on the main thread.
    static func runToTheEnd(_ body: @escaping @Sendable () async throws -> Void) -> Never {
        Task {
            do {
                try await body()
                Landfall.exit()
            } catch {
                end(with: error)
            }
        }
        dispatchMain()
    }
}
