/// An organization: the root of a hierarchy.
public struct Organization: Hashable, Sendable {
    /// Digits.
    public var number: String
    /// The domain of its people: `example.com`.
    public var domain: String
    /// What names its people in policies and constraints: `C` and eight characters, such as `C01234567`.
    public var customer: String

    /// Makes an organization of its parts.
    public init(number: String, domain: String, customer: String) {
        self.number = number
        self.domain = domain
        self.customer = customer
    }
}

/// A folder of an organization.
public struct Folder: Hashable, Sendable {
    /// Digits.
    public var number: String
    /// An organization or a folder.
    public var parent: Resource

    /// Makes a folder of its parts.
    public init(number: String, parent: Resource) {
        self.number = number
        self.parent = parent
    }
}

/// A project, as far as access depends on it.
public struct Project: Hashable, Sendable {
    /// `demo`.
    public var id: String
    /// Digits.
    public var number: String
    /// An organization or a folder.
    public var parent: Resource
    /// Whether it is in use, rather than marked for deletion.
    public var isActive: Bool

    /// Makes a project of its parts.
    public init(id: String, number: String, parent: Resource, isActive: Bool = true) {
        self.id = id
        self.number = number
        self.parent = parent
        self.isActive = isActive
    }
}

/// A service account, as far as access depends on it.
public struct ServiceAccount: Hashable, Sendable {
    /// In lower case.
    public var email: String
    /// 21 digits, never given out twice: another account of the same address has another one.
    public var uniqueID: String
    /// The id of the project that it belongs to.
    public var project: String
    /// Whether its calls are refused for now.
    public var isDisabled: Bool
    /// Whether a service made it for itself, rather than a user.
    public var isServiceAgent: Bool

    /// Makes an account of its parts.
    public init(
        email: String, uniqueID: String, project: String, isDisabled: Bool = false, isServiceAgent: Bool = false
    ) {
        self.email = email
        self.uniqueID = uniqueID
        self.project = project
        self.isDisabled = isDisabled
        self.isServiceAgent = isServiceAgent
    }

    /// The account as something that access is granted on.
    public var resource: Resource { .serviceAccount(email: email, project: project) }
}
