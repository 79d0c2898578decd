import Dispatcher
import Logbook

/// What tasks print goes to the logbook, which keeps an entry that comes again only once.
extension Logbook: LogSink {}
