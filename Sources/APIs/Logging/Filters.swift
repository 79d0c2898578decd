import Logbook
import Methods

extension LogFilter {
    /// Compiles the filter of a request.
    ///
    /// - Throws: `INVALID_ARGUMENT` with the place of the mistake.
    static func compiled(_ text: String) throws -> LogFilter {
        do {
            return try LogFilter(text)
        } catch {
            throw ServiceError.invalidArgument("Unparseable filter: \(error)", field: "filter")
        }
    }
}
