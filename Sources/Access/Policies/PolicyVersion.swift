// What clients see of a policy depends on the version that they know: conditions exist since version 3.

extension Policy {
    /// What a client sees that asks for a version: one that does not know conditions gets each conditional binding
    /// under a role name that cannot be granted, so that it is not taken for an unconditional one.
    ///
    /// - Parameter requested: 0, 1 or 3.
    public func rendered(requestedVersion requested: Int) -> (policy: Policy, version: Int) {
        guard version == 3, requested < 3 else { return (self, version) }
        var policy = self
        policy.bindings = bindings.map { binding in
            guard let condition = binding.condition else { return binding }
            return Binding(role: "\(binding.role)\(Self.mark)\(condition.digest)", members: binding.members)
        }
        return (policy, 1)
    }

    /// What follows the name of a role that a client without conditions sees, before 20 hexadecimal digits.
    static let mark = "_withcond_"
}

extension PolicyCondition {
    /// 20 hexadecimal digits that follow from the condition. They tell the conditions of a policy apart for readers;
    /// nothing depends on their being hard to forge.
    var digest: String {
        let bytes = Array("\(expression)\u{0}\(title)\u{0}\(description)\u{0}\(location)".utf8)
        return hexadecimal(Self.hash(bytes, seed: 0xcbf2_9ce4_8422_2325), digits: 16)
            + hexadecimal(Self.hash(bytes, seed: 0x9e37_79b9_7f4a_7c15) & 0xffff, digits: 4)
    }

    /// FNV-1a.
    private static func hash(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
        bytes.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private func hexadecimal(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
