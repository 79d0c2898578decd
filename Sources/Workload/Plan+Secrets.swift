extension Plan {
    /// Every secret that the plan names: as a variable, as a file, as a part of a login. In no order, without repeats.
    public var secrets: Set<SecretReference> {
        var found = Set(secretEnvironment.values)
        for step in steps {
            found.formUnion(step.secretEnvironment.values)
            guard case .container(let container) = step.executable, let login = container.login else { continue }
            for case .secret(let reference) in [login.username, login.password] { found.insert(reference) }
        }
        for volume in volumes {
            if case .secrets(let files) = volume.source { found.formUnion(files.map(\.secret)) }
        }
        return found
    }
}
