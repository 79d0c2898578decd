import Requests
import SwiftProtobuf
import Workload

/// Rules that many fields share.
extension JobValidator {
    /// Fourteen days: no job runs longer (Batch, quotas and limits).
    private static let longest: Int64 = 14 * 24 * 3600

    mutating func require(_ value: Int64, _ range: ClosedRange<Int64>, at field: FieldPath) {
        guard !range.contains(value) else { return }
        violations.add(field, "must be \(range.lowerBound) to \(range.upperBound), but is \(value)")
    }

    mutating func check(_ duration: Google_Protobuf_Duration, at field: FieldPath) {
        guard abs(Int64(duration.nanos)) < 1_000_000_000 else {
            violations.add(field, "is not a valid duration")
            return
        }
        if duration.seconds < 0 || duration.nanos < 0 {
            violations.add(field, "must not be negative")
        } else if duration.seconds > Self.longest || (duration.seconds == Self.longest && duration.nanos > 0) {
            violations.add(field, "must be at most 14 days (\(Self.longest)s)")
        }
    }

    /// Batch, labels: keys of 1 to 63 characters, a lower-case letter first, and values of at most 63.
    mutating func check(labels: [String: String], limit: Int, predefined: Set<String>, at field: FieldPath) {
        if labels.count > limit {
            violations.add(field, "must have at most \(limit) labels, but has \(labels.count)")
        }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            if predefined.contains(key) {
                violations.add(field[key], "is a label that Batch sets itself")
            } else if key.hasPrefix("goog-") || key.hasPrefix("google-") {
                violations.add(field[key], "must not begin with 'goog-' or 'google-', which are reserved")
            } else if !Self.isLabelKey(key) {
                violations.add(
                    field[key],
                    "must have a key of 1 to 63 characters: a lower-case letter first, then lower-case letters, "
                        + "digits, '_' and '-'")
            }
            if value.utf8.count > 63 || !value.utf8.allSatisfy(Self.isLabelByte) {
                violations.add(
                    field[key], "must have a value of at most 63 lower-case letters, digits, '_' and '-'")
            }
        }
    }

    private static func isLabelKey(_ key: String) -> Bool {
        guard let first = key.utf8.first, key.utf8.count <= 63 else { return false }
        return ASCII.isLowerLetter(first) && key.utf8.allSatisfy(isLabelByte)
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        ASCII.isLowerLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.underscore || byte == ASCII.hyphen
    }

    mutating func check(_ environment: Wire.Environment, at field: FieldPath) {
        check(variables: environment.variables, at: field.variables)
        check(variables: environment.secretVariables, at: field.secret_variables)
        for (name, path) in environment.secretVariables.sorted(by: { $0.key < $1.key })
        where SecretReference(path: path) == nil {
            violations.add(
                field.secret_variables[name],
                "must look like 'projects/*/secrets/*/versions/*', but is '\(path.excerpt)'")
        }
        if environment.hasEncryptedVariables {
            violations.addUnsupported(field.encrypted_variables, "there is no Cloud KMS to decrypt them with")
        }
    }

    mutating func check(variables: [String: String], at field: FieldPath) {
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
            if !Self.isVariableName(name) {
                violations.add(
                    field[name],
                    "must have a name of letters, digits, '_', '.' and '-' that does not begin with a digit")
            }
            if value.utf8.contains(0) {
                violations.add(field[name], "must not contain a NUL character")
            } else if name.utf8.count + value.utf8.count + 2 > Self.longestString {
                violations.add(field[name], "must be at most 128 KiB long, its name included")
            }
        }
    }

    /// What Linux takes for one string of a program's environment.
    private static var longestString: Int { 128 << 10 }

    private static func isVariableName(_ name: String) -> Bool {
        guard let first = name.utf8.first, ASCII.isLetter(first) || first == ASCII.underscore else { return false }
        return name.utf8.allSatisfy {
            ASCII.isLetter($0) || ASCII.isDigit($0) || [ASCII.underscore, ASCII.dot, ASCII.hyphen].contains($0)
        }
    }
}
