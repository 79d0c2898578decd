extension Condition {
    /// Checks an expression as `lintPolicy` does: an error alone, or whatever else there is to say.
    ///
    /// - Parameter service: the service that the policy's resource belongs to, `run.googleapis.com`, if it is known:
    ///   attributes that it does not provide are then named.
    public static func lint(_ expression: String, vocabulary: Vocabulary = .all, service: String? = nil) -> [Finding] {
        do {
            let condition = try Condition(expression, vocabulary: vocabulary)
            return condition.findings + (service.map { condition.unsupportedAttributes(of: $0) } ?? [])
        } catch {
            return [Finding(error)]
        }
    }

    /// A warning for each attribute that a service does not provide.
    private func unsupportedAttributes(of service: String) -> [Finding] {
        let provided = Attribute.provided(by: service)
        return compiled.uses.filter { !provided.contains($0.attribute) }.map { use in
            Finding(
                severity: .warning, check: .attributes, location: SourceLocation(byte: use.byte, of: expression),
                message: "\(service) does not provide \(use.attribute.rawValue): "
                    + "what relies on it cannot be evaluated for its resources")
        }
    }
}
