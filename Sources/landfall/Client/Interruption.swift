import Dispatch
import Foundation

/// Says a last word when Ctrl-C ends the program.
final class Interruption {
    private let source: any DispatchSourceSignal

    /// From now on, as long as the object lives, SIGINT prints `lastWord` to standard error before it ends the
    /// program.
    init(lastWord: String) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            FileHandle.standardError.write(Data("\n\(lastWord)\n".utf8))
            // What a shell makes of a program that SIGINT ended.
            exit(128 + SIGINT)
        }
        source.resume()
    }

    deinit {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
