import Access
import Methods
import Schema

extension PolicyMethods {
    /// How clients call the three methods of one type of resource.
    public struct Rows: Sendable {
        /// Full name of the gRPC service: `google.cloud.resourcemanager.v3.Projects`.
        public var name: String
        /// What stands before the colon: `/v3/{resource=projects/*}`.
        public var path: String
        /// How `getIamPolicy` is called.
        public var reading: Reading
        /// What the permissions begin with: `resourcemanager.projects`.
        public var permissions: String
        /// The resource of a name; throws `INVALID_ARGUMENT`.
        public var resource: @Sendable (String) throws -> Resource
        /// What those are told of a name who could see the policy if there were such a resource.
        public var absent: @Sendable (String) -> ServiceError
        /// What tells a resource that the directory does not know from others of its name; nil when there is none.
        public var identity: @Sendable (Resource) async throws -> String?

        /// How `getIamPolicy` is called: the APIs differ.
        public enum Reading: Sendable {
            /// GET, with the options in the query.
            case get
            /// POST, with the options in the body.
            case post
            /// POST without a body, and with the options in the query.
            case postWithoutBody
        }

        /// Describes the rows.
        public init(
            _ name: String, at path: String, reading: Reading = .post, permissions: String,
            resource: @escaping @Sendable (String) throws -> Resource,
            absent: @escaping @Sendable (String) -> ServiceError = { .notFound("\($0.prefix(300)) does not exist.") },
            identity: @escaping @Sendable (Resource) async throws -> String? = { _ in "" }
        ) {
            self.name = name
            self.path = path
            self.reading = reading
            self.permissions = permissions
            self.resource = resource
            self.absent = absent
            self.identity = identity
        }
    }

    /// The three methods of one type of resource.
    public func methods(_ rows: Rows) -> [any Method] {
        let setting = Permission("\(rows.permissions).setIamPolicy")
        return [
            UnaryMethod<Google_Iam_V1_GetIamPolicyRequest, Google_Iam_V1_Policy>(
                "\(rows.name).GetIamPolicy", rows.readingRule,
                access: .permission(
                    Permission("\(rows.permissions).getIamPolicy"), on: { try rows.resource($0.resource) })
            ) { request, _ in try await get(request, rows) },
            UnaryMethod<Google_Iam_V1_SetIamPolicyRequest, Google_Iam_V1_Policy>(
                "\(rows.name).SetIamPolicy", .post("\(rows.path):setIamPolicy", body: "*"),
                access: .byHandler("a condition may depend on which roles the change grants or takes away")
            ) { request, call in try await set(setting, request, rows, call) },
            UnaryMethod<Google_Iam_V1_TestIamPermissionsRequest, Google_Iam_V1_TestIamPermissionsResponse>(
                "\(rows.name).TestIamPermissions", .post("\(rows.path):testIamPermissions", body: "*"),
                access: .anyCaller("callers may ask about themselves")
            ) { request, call in try await test(request, rows, call) },
        ]
    }
}

extension PolicyMethods.Rows {
    /// How REST clients read a policy.
    fileprivate var readingRule: HTTPRule {
        let path = "\(path):getIamPolicy"
        return switch reading {
        case .get: .get(path)
        case .post: .post(path, body: "*")
        case .postWithoutBody: .post(path)
        }
    }
}
