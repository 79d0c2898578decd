import Requests

/// Those options of `docker run` that a Batch container can have (Batch API, `Container.options`).
struct ContainerOptions: Hashable, Sendable {
    /// `--user`
    var user: String?
    /// `--workdir`
    var workingDirectory: String?
    /// `--entrypoint`
    var entrypoint: String?
    /// `--env`
    var environment: [String: String] = [:]
    /// `--volume`, each `HOST:CONTAINER[:ro|rw]`
    var volumes: [String] = []
    /// `--network`: `none` cuts the container off.
    var network: String?

    /// Why options cannot be had, as a phrase.
    struct Refusal: Error, Hashable {
        var reason: String
    }

    /// Options with one value, by their short names.
    private static let shortNames = ["-u": "--user", "-w": "--workdir", "-e": "--env", "-v": "--volume"]
    /// What containers are anyway.
    private static let implied: Set<String> = ["--rm", "--init", "--interactive", "-i", "--tty=false"]
    /// What is not had, and why.
    private static let refused = [
        "--privileged": "a container is never root of the machine",
        "--cap-add": "a container is never root of the machine", "--device": "tasks get no devices",
        "--gpus": "tasks get no GPUs", "--memory": "a task's memory is its compute_resource",
        "-m": "a task's memory is its compute_resource", "--cpus": "a task's processors are its compute_resource",
        "--pid": "a container has processes of its own", "--ipc": "a container has its own shared memory",
        "--detach": "a runnable that others do not wait for has 'background'",
        "-d": "a runnable that others do not wait for has 'background'",
    ]

    /// No options.
    init() {}

    /// Reads the options of a container.
    ///
    /// - Throws: `Refusal`
    init(_ text: String) throws(Refusal) {
        guard let words = ShellWords.split(text) else {
            throw Refusal(reason: "must have every quote closed, but is '\(text.excerpt)'")
        }
        var rest = words[...]
        while let word = rest.popFirst() {
            if Self.implied.contains(word) { continue }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = Self.shortNames[parts[0]] ?? parts[0]
            if let reason = Self.refused[name] { throw Refusal(reason: "has '\(name)': \(reason)") }
            guard Self.known.contains(name) else {
                throw Refusal(
                    reason: "has '\(word.excerpt)'; known are \(Self.known.sorted().joined(separator: ", "))")
            }
            guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
                throw Refusal(reason: "has '\(name)' without a value")
            }
            try take(name, value)
        }
    }

    private static let known: Set<String> = [
        "--user", "--workdir", "--env", "--volume", "--entrypoint", "--network", "--net",
    ]

    private mutating func take(_ name: String, _ value: String) throws(Refusal) {
        switch name {
        case "--user": user = value
        case "--workdir": workingDirectory = value
        case "--entrypoint": entrypoint = value
        case "--volume": volumes.append(value)
        case "--env":
            let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw Refusal(reason: "has '--env \(value.excerpt)', which must look like NAME=VALUE")
            }
            environment[parts[0]] = parts[1]
        default:
            guard ["none", "host", "bridge", "default"].contains(value) else {
                throw Refusal(
                    reason: "has the network '\(value.excerpt)'; a container has 'none' or its task's, 'host'")
            }
            network = value
        }
    }
}
