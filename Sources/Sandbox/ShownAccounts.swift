import Synchronization

/// The passwd and group files of sandboxes, kept by whom they were made for: a job's tasks all show the same.
final class ShownAccounts: Sendable {
    /// At most for so many users at a time: then all are forgotten.
    private static let capacity = 64

    private let system: AccountFiles
    private let recent = Mutex<[SandboxSpec.User: AccountFiles]>([:])

    /// - Parameter system: the host's system accounts, which every sandbox shows.
    init(_ system: AccountFiles) {
        self.system = system
    }

    /// What the sandboxes of a user show.
    func files(for user: SandboxSpec.User) -> AccountFiles {
        guard case .account(let name, let uid, let gid, let home, let shell) = user else { return system }
        return recent.withLock { recent in
            if let known = recent[user] { return known }
            let files = system.adding(name: name, uid: uid, gid: gid, home: home, shell: shell)
            if recent.count >= Self.capacity { recent = [:] }
            recent[user] = files
            return files
        }
    }
}
