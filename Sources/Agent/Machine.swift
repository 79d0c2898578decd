import Foundation
import Workload

/// What the machine says about itself.
enum Machine {
    /// The host's name; `localhost` if it has none.
    static var hostname: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0, buffer[0] != 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// All processors, and the memory, or what the agent's own cgroup may take of it, less a tenth for the system,
    /// but no more than 1 GiB.
    static var capacity: Resources {
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let memory = min(physicalMemoryMiB, cgroupLimitMiB ?? .max)
        return Resources(cpuMilli: cores * 1000, memoryMiB: memory - min(memory / 10, 1024))
    }

    private static var physicalMemoryMiB: Int {
        sysconf(Int32(_SC_PHYS_PAGES)) / 1024 * sysconf(Int32(_SC_PAGESIZE)) / 1024
    }

    /// The limit of the cgroup that the machine's root is, when the machine is a container. Cgroup v2, then v1.
    private static var cgroupLimitMiB: Int? {
        for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8),
                let bytes = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
            else { continue }
            return bytes / 1024 / 1024
        }
        return nil
    }
}
