import Access

/// One service with a host of its own, such as `batch.googleapis.com`.
public struct API: Sendable {
    /// `batch.googleapis.com`: the name that it is enabled by, and its host in Google's own universe.
    public let service: String
    /// What people call it: `Batch API`.
    public let title: String
    /// Whether a project must have enabled it before its methods may be called there.
    public let mustBeEnabled: Bool
    /// The error for a caller without the permission of a method's row; each family of APIs words it its own way.
    public let denied: @Sendable (Denial) -> ServiceError
    /// Every method of the service; one that is not here does not exist for clients.
    public let methods: [any Method]

    /// A service and its methods.
    public init(
        service: String, title: String, mustBeEnabled: Bool = true,
        denied: @escaping @Sendable (Denial) -> ServiceError = { .permissionDenied($0) }, methods: [any Method]
    ) {
        self.service = service
        self.title = title
        self.mustBeEnabled = mustBeEnabled
        self.denied = denied
        self.methods = methods
    }

    /// The first label of its hosts: `batch` in `batch.googleapis.com` and in `batch.landfall.test`.
    public var hostLabel: String { String(service.prefix { $0 != "." }) }
}
