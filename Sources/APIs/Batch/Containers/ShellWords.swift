/// The words of a line as a shell splits it: by blanks, but for what stands in quotes or after a backslash. Nothing is
/// expanded.
enum ShellWords {
    /// - Returns: nil when a quote is not closed, or the line ends in a backslash.
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch (quote, character) {
            case (nil, " "), (nil, "\t"), (nil, "\n"):
                if let finished = word { words.append(finished) }
                word = nil
            case (nil, "'"), (nil, "\""):
                quote = character
                word = word ?? ""
            case ("'", "'"), ("\"", "\""):
                quote = nil
            case (nil, "\\"), ("\"", "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                // Within quotes a backslash stands for itself, but before what it takes the meaning from.
                let keepsBackslash = quote != nil && !"\"\\$`".contains(escaped)
                word = (word ?? "") + (keepsBackslash ? "\\" : "") + String(escaped)
            default:
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        if let word { words.append(word) }
        return words
    }
}
