import Methods
import Secrets

/// Which versions a list shows: those of one state, by `state:ENABLED` or `state=ENABLED`, or all.
struct VersionFilter {
    /// Nil for all.
    let state: SecretVersion.State?

    /// Reads a filter; an empty one lets everything through.
    ///
    /// - Throws: `INVALID_ARGUMENT` for any other form.
    init(_ text: String) throws {
        guard !text.isEmpty else {
            state = nil
            return
        }
        let words = text.split(maxSplits: 1, whereSeparator: { $0 == ":" || $0 == "=" }).map {
            $0.filter { $0 != "\"" && $0 != " " }
        }
        guard words.count == 2, words[0].lowercased() == "state",
            let state = SecretVersion.State(rawValue: words[1].lowercased())
        else {
            throw ServiceError.invalidArgument("Versions can be filtered by state:STATE alone.", field: "filter")
        }
        self.state = state
    }
}
