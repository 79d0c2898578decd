import Requests

/// Labels and annotations (Cloud Run; Kubernetes, labels).
extension DefinitionValidator {
    private static let mostLabels = 64
    private static let largestAnnotations = 256 << 10

    mutating func check(labels: [String: String], at field: FieldPath) {
        if labels.count > Self.mostLabels {
            violations.add(field, "must have at most \(Self.mostLabels) labels, but has \(labels.count)")
            return
        }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            guard checkKey(key, at: field) else { continue }
            if value.utf8.count > 63 || !value.utf8.allSatisfy(Self.isNameByte) {
                violations.add(field[key], "must have a value of at most 63 letters, digits, '_', '-' and '.'")
            }
        }
    }

    mutating func check(annotations: [String: String], at field: FieldPath) {
        let size = annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if size > Self.largestAnnotations {
            violations.add(field, "must have at most \(Self.largestAnnotations) bytes, but has \(size)")
            return
        }
        for key in annotations.keys.sorted() { checkKey(key, at: field) }
    }

    @discardableResult
    private mutating func checkKey(_ key: String, at field: FieldPath) -> Bool {
        if let namespace = ReservedKeys.namespace(of: key) {
            violations.add(field[key], "is in the namespace '\(namespace)', which is Cloud Run's own")
            return false
        }
        let parts = key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let prefixIsSound = parts.count == 1 || (parts.count == 2 && (1...253).contains(parts[0].count))
        guard prefixIsSound, let name = parts.last, (1...63).contains(name.count),
            parts.joined().allSatisfy(Self.isNameByte)
        else {
            violations.add(
                field[key],
                "must have a key of 1 to 63 letters, digits, '_', '-' and '.', with a domain and '/' in front at most")
            return false
        }
        return true
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || [ASCII.underscore, ASCII.hyphen, ASCII.dot].contains(byte)
    }
}
