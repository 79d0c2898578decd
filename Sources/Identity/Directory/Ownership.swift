import Access
import Directory

/// Who owns an installation: whoever is named at its first start, else the first person who logs in.
public actor Ownership {
    /// The role by which the owner of an existing installation is known.
    private static let role = "roles/resourcemanager.organizationAdmin"

    private let project: String
    private let directory: Directory
    private var settled: Task<Installation, any Error>?

    /// - Parameters:
    ///   - project: id of the first project.
    ///   - directory: where organization and project are kept.
    public init(project: String, directory: Directory) {
        self.project = project
        self.directory = directory
    }

    /// Makes what a first start makes, as soon as there is an owner: the one that is named, or the one that the
    /// organization already has.
    ///
    /// - Throws: `InstallationError`.
    public func open(owner: String?) async throws {
        let known = administrator()
        guard let owner = owner ?? known else { return }
        try await settle(owner)
    }

    /// Makes a person who logs in the owner, unless there is one. Service accounts own nothing.
    ///
    /// - Throws: `InstallationError`.
    public func claim(by principal: Principal) async throws {
        guard case .user(let email) = principal else { return }
        try await settle(email)
    }

    /// Two who come at the same time wait for the same task: the first of them owns the installation.
    private func settle(_ owner: String) async throws {
        let task =
            settled
            ?? Task { [project, directory] in
                try await Installation.open(owner: owner, project: project, in: directory)
            }
        settled = task
        do {
            _ = try await task.value
        } catch {
            settled = nil
            throw error
        }
    }

    private func administrator() -> String? {
        let state = directory.state
        guard let organization = state.organizations.sorted.first else { return nil }
        let members = state.policy(of: organization.resource).bindings.filter { $0.role == Self.role }.flatMap(
            \.members)
        return members.first { $0.hasPrefix("user:") }.map { String($0.dropFirst("user:".count)) }
    }
}
