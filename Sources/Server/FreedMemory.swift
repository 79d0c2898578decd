import CLinux

/// Lets what the server has freed go back to the system.
///
/// By default the C library keeps large blocks, and a heap for each of many threads, for later use: after a
/// busy moment, such as a hundred slow tails, ten times of what is in use would stay resident.
public enum FreedMemory {
    /// Bytes from which a block is mapped by itself, and unmapped when it is freed.
    private static let mappedFrom: Int32 = 256 << 10
    /// Heaps that threads share.
    private static let heaps: Int32 = 4

    /// Settles this for the whole process; to be called before it has threads.
    public static func goesBack() {
        // Where the C library refuses, more memory stays resident, and all else is as before.
        _ = clinux_return_freed_memory(mappedFrom, heaps)
    }

    /// Lets the pages of the program go that only its start has used: half of what is resident then. The others come
    /// back when they are used.
    public static func startIsOver() { clinux_release_program_pages() }
}
