import OCI

/// What landfall-unpack says at its end.
enum UnpackReport: Equatable, Sendable {
    /// The layer is unpacked: the digest of its archive, and what it takes of the disk in bytes.
    case layer(Digest, bytes: Int)
    /// The layer breaks a rule.
    case refused(String)
    /// The disk has no room for the layer.
    case full(String)
    /// This machine is at fault, or the program did not say.
    case failed(String)

    /// Reads the program's line.
    init(_ text: String) {
        let line = text.prefix { $0 != "\n" }
        let words = line.split(separator: " ", maxSplits: 1)
        let rest = words.count > 1 ? words[1] : ""
        switch words.first {
        case "layer":
            let numbers = rest.split(separator: " ")
            guard numbers.count == 3, let digest = Digest(hex: numbers[0]), let bytes = Int(numbers[1]) else {
                self = .failed("it reports \"\(line)\"")
                return
            }
            self = .layer(digest, bytes: bytes)
        case "refused":
            self = .refused(String(rest))
        case "full":
            self = .full(String(rest))
        case "failed":
            self = .failed(String(rest))
        default:
            self = .failed("it ended without a report")
        }
    }
}
