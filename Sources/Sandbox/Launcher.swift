import CSandbox
import Dispatch
import Glibc
import LauncherProtocol
import Synchronization
import SystemPackage

/// The launcher process, and the conversation with it and with the first process of each sandbox.
final class Launcher: Sendable {
    /// What the launcher's side says about one sandbox.
    final class Conversation: Sendable {
        let opened = Once<SandboxError?>()
        let closed = Once<Void>()
        private let runs = Mutex<[UInt32: Run]>([:])
        private let cleaning = Mutex<Once<Bool>?>(nil)

        struct Run: Sendable {
            let started = Once<SandboxError?>()
            let ended = Once<ProcessEnd>()
        }

        func add(_ run: UInt32) -> Run {
            let new = Run()
            runs.withLock { $0[run] = new }
            return new
        }

        func run(_ number: UInt32) -> Run? { runs.withLock { $0[number] } }

        func forget(_ number: UInt32) { runs.withLock { $0[number] = nil } }

        /// What will be heard of a cleaning that is about to be ordered: whether the sandbox may serve again.
        func expectCleaning() -> Once<Bool> {
            let new = Once<Bool>()
            cleaning.withLock { $0 = new }
            return new
        }

        func cleaned(_ isClean: Bool) { cleaning.withLock { $0 }?.fulfil(isClean) }

        /// Ends every wait: the first process of the sandbox is gone, and with it all others.
        func finish(_ reason: SandboxError) {
            opened.fulfil(reason)
            for run in runs.withLock({ Array($0.values) }) {
                run.started.fulfil(reason)
                run.ended.fulfil(.signalled(SIGKILL))
            }
            cleaned(false)
            closed.fulfil(())
        }
    }

    private struct State {
        var conversations: [UInt32: Conversation] = [:]
        var next: UInt32 = 1
        /// It has made its root, and nobody has told it to end: nothing but a fault ends it.
        var isServing = false
        var isGone = false
    }

    private let socket: FileDescriptor
    private let process: pid_t
    private let state = Mutex(State())
    private let ready = Once<SandboxError?>()
    private let gone = Once<Void>()
    private let onLoss: @Sendable (SandboxError) -> Void

    /// Starts the launcher and waits until it has made its root.
    ///
    /// - Parameter onLoss: called when the launcher ends although it was not told to, before anybody hears that its
    ///   sandboxes have ended.
    init(
        path: String, arguments: [String], onLoss: @escaping @Sendable (SandboxError) -> Void = { _ in }
    ) async throws {
        self.onLoss = onLoss
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try checkedErrno(socketpair(AF_UNIX, type, 0, &pair), "make a socket")
        socket = FileDescriptor(rawValue: pair[0])
        var strings = ([path] + arguments).map { strdup($0) } + [nil]
        defer { strings.forEach { free($0) } }
        var process: pid_t = 0
        let result = sandbox_spawn(path, &strings, pair[1], &process)
        self.process = process
        // As long as this process holds the other end, nobody hears that the launcher has ended.
        close(pair[1])
        if result < 0 {
            try? socket.close()
            throw SandboxError("cannot start the launcher \(path): \(describe(-result))")
        }
        DispatchQueue(label: "landfall.launcher").async { [self] in readEvents() }
        DispatchQueue(label: "landfall.launcher.end").async { [self] in hangUpAtItsEnd() }
        if let failure = await ready.value() {
            await stop()
            throw failure
        }
    }

    /// Starts a conversation about a new sandbox.
    ///
    /// - Throws: `SandboxError` when the launcher has ended.
    func begin() throws -> (number: UInt32, conversation: Conversation) {
        try state.withLock { state in
            guard !state.isGone else { throw Self.lost }
            let number = state.next
            state.next &+= 1
            let conversation = Conversation()
            state.conversations[number] = conversation
            return (number, conversation)
        }
    }

    /// Sends an order for a new sandbox.
    func send(_ bytes: [UInt8], descriptors: [FileDescriptor]) throws {
        try state.withLock { state in
            guard !state.isGone else { throw Self.lost }
            try Self.send(bytes, descriptors: descriptors, over: socket)
        }
    }

    /// Ends the conversation about a sandbox that the launcher never heard of.
    func abandon(_ number: UInt32) {
        let conversation = state.withLock { $0.conversations.removeValue(forKey: number) }
        conversation?.finish(SandboxError("the sandbox was not opened"))
    }

    /// Ends the launcher, and with it every sandbox's processes.
    func stop() async {
        state.withLock { state in
            state.isServing = false
            if !state.isGone { shutdown(socket.rawValue, Int32(SHUT_RDWR)) }
        }
        await gone.value()
    }

    static let lost = SandboxError("the process that starts tasks, landfall-launcher, has ended")

    static func send(_ bytes: [UInt8], descriptors: [FileDescriptor], over socket: FileDescriptor) throws {
        let raw = descriptors.map(\.rawValue)
        try checkedErrno(
            launcher_send(socket.rawValue, bytes, bytes.count, raw, raw.count), "send an order to the launcher")
    }

    // MARK: Events

    /// A process that the launcher had just started as it was killed may live on, and hold its end of the socket: not the
    /// socket tells that the launcher is gone.
    private func hangUpAtItsEnd() {
        sandbox_await_end(process)
        state.withLock { state in
            if !state.isGone { shutdown(socket.rawValue, Int32(SHUT_RDWR)) }
        }
    }

    private func readEvents() {
        var event = launcher_event()
        var descriptors = [Int32](repeating: -1, count: LAUNCHER_DESCRIPTOR_LIMIT)
        while true {
            var count = 0
            let length = launcher_receive(
                socket.rawValue, &event, MemoryLayout<launcher_event>.size, &descriptors, &count)
            for index in 0..<count { close(descriptors[index]) }
            if length == 0 || (length < 0 && errno != EMSGSIZE) { break }
            if length == MemoryLayout<launcher_event>.size { handle(event) }
        }
        _ = sandbox_wait(process)
        let (conversations, wasServing) = state.withLock { state in
            state.isGone = true
            defer { state.conversations = [:] }
            return (Array(state.conversations.values), state.isServing)
        }
        // From now on nobody uses the socket's number, which is soon that of something else.
        try? socket.close()
        if wasServing { onLoss(Self.lost) }
        ready.fulfil(Self.lost)
        for conversation in conversations { conversation.finish(Self.lost) }
        gone.fulfil(())
    }

    private func handle(_ event: launcher_event) {
        let kind = launcher_kind(rawValue: event.kind)
        if kind == LAUNCHER_READY {
            state.withLock { $0.isServing = event.error == 0 }
            return ready.fulfil(Self.failure(event))
        }
        let conversation = state.withLock { state in
            kind == LAUNCHER_CLOSED
                ? state.conversations.removeValue(forKey: event.sandbox) : state.conversations[event.sandbox]
        }
        guard let conversation else { return }
        switch kind {
        case LAUNCHER_OPENED:
            conversation.opened.fulfil(Self.failure(event))
        case LAUNCHER_STARTED:
            conversation.run(event.run)?.started.fulfil(Self.failure(event))
        case LAUNCHER_ENDED:
            conversation.run(event.run)?.ended.fulfil(Self.end(status: event.status))
            conversation.forget(event.run)
        case LAUNCHER_CLEANED:
            conversation.cleaned(event.error == 0)
        case LAUNCHER_CLOSED:
            conversation.finish(SandboxError("the sandbox's processes were killed"))
        default:
            break
        }
    }

    private static func failure(_ event: launcher_event) -> SandboxError? {
        guard event.error != 0 else { return nil }
        let step = withUnsafeBytes(of: event.step) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if event.error == LAUNCHER_REFUSED { return SandboxError("the container cannot be set up: \(step)") }
        return SandboxError("cannot set up the sandbox: \(step)", errno: event.error)
    }

    /// What a wait status says.
    private static func end(status: Int32) -> ProcessEnd {
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }
}
