import Access
import Directory
import Methods

/// Decides by a directory alone: there are no tokens, and every service is enabled.
public struct DirectoryGatekeeper: Gatekeeper {
    private let directory: Directory

    /// - Parameter directory: what decisions depend on.
    public init(directory: Directory) {
        self.directory = directory
    }

    /// Knows nobody.
    public func authenticate(authorization: String?, service: String) async throws -> Caller {
        throw ServiceError.missingCredential
    }

    /// As the directory does.
    public func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Decision {
        directory.decide(principal, permission, on: resource, in: context)
    }

    /// As the directory does.
    public func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Proof {
        directory.state.access.explain(principal, permission, on: resource, in: context)
    }

    /// Nothing is refused.
    public func requireEnabled(service: String, project: String) async throws {}

    /// As the directory does.
    public func projectID(_ idOrNumber: String) -> String? { directory.state.project(idOrNumber)?.id }

    /// As the directory does.
    public func located(_ named: Resource) -> Resource? { directory.state.located(named) }
}
