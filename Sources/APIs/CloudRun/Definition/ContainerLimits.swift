/// The processors and the memory of a container, and what Cloud Run allows of them together.
struct ContainerLimits {
    /// Nil when the limit is no amount.
    let cpuMilli: Int?
    /// Nil when the limit is no amount.
    let memoryMiB: Int?

    /// What a container gets that says nothing.
    static let standard = ["cpu": "1000m", "memory": "512Mi"]

    init(_ limits: [String: String]) {
        let limits = limits.merging(Self.standard) { own, _ in own }
        cpuMilli = limits["cpu"].flatMap(Quantity.cpuMilli)
        memoryMiB = limits["memory"].flatMap(Quantity.bytes).map { Int(($0 + (1 << 20) - 1) >> 20) }
    }

    /// What is wrong, and by which limit; nil when nothing is (Cloud Run, CPU limits, memory limits).
    func problem(cpuMilli: Int, memoryMiB: Int) -> (key: String, text: String)? {
        guard [1000, 2000, 4000, 6000, 8000].contains(cpuMilli) else { return ("cpu", "must be 1, 2, 4, 6 or 8") }
        guard (512...(32 << 10)).contains(memoryMiB) else { return ("memory", "must be 512Mi to 32Gi") }
        let leastCPU = [(24 << 10, 8000), (16 << 10, 6000), (8 << 10, 4000), (4 << 10, 2000)]
        if let (_, least) = leastCPU.first(where: { memoryMiB > $0.0 }), cpuMilli < least {
            return ("memory", "takes at least \(least / 1000) CPUs with \(memoryMiB)Mi")
        }
        let leastMemory = cpuMilli >= 6000 ? 4 << 10 : cpuMilli >= 4000 ? 2 << 10 : 512
        guard memoryMiB >= leastMemory else {
            return ("cpu", "takes at least \(leastMemory >> 10)Gi of memory with \(cpuMilli / 1000) CPUs")
        }
        return nil
    }
}
