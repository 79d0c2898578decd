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
        /// Whether `getIamPolicy` is a GET, with its options in the query, rather than a POST.
        public var isReadByGet: Bool
        /// What the permissions begin with: `resourcemanager.projects`.
        public var permissions: String
        /// The resource of a name; throws `INVALID_ARGUMENT`.
        public var resource: @Sendable (String) throws -> Resource

        /// Describes the rows.
        public init(
            _ name: String, at path: String, isReadByGet: Bool = false, permissions: String,
            resource: @escaping @Sendable (String) throws -> Resource
        ) {
            self.name = name
            self.path = path
            self.isReadByGet = isReadByGet
            self.permissions = permissions
            self.resource = resource
        }
    }

    /// The three methods of one type of resource.
    public func methods(_ rows: Rows) -> [any Method] {
        let path = "\(rows.path):getIamPolicy"
        let setting = Permission("\(rows.permissions).setIamPolicy")
        return [
            UnaryMethod<Google_Iam_V1_GetIamPolicyRequest, Google_Iam_V1_Policy>(
                "\(rows.name).GetIamPolicy", rows.isReadByGet ? .get(path) : .post(path, body: "*"),
                access: .permission(
                    Permission("\(rows.permissions).getIamPolicy"), on: { try rows.resource($0.resource) })
            ) { request, _ in try get(rows.resource(request.resource), request) },
            UnaryMethod<Google_Iam_V1_SetIamPolicyRequest, Google_Iam_V1_Policy>(
                "\(rows.name).SetIamPolicy", .post("\(rows.path):setIamPolicy", body: "*"),
                access: .byHandler("a condition may depend on which roles the change grants or takes away")
            ) { request, call in try await set(setting, on: rows.resource(request.resource), request, call) },
            UnaryMethod<Google_Iam_V1_TestIamPermissionsRequest, Google_Iam_V1_TestIamPermissionsResponse>(
                "\(rows.name).TestIamPermissions", .post("\(rows.path):testIamPermissions", body: "*"),
                access: .anyCaller("callers may ask about themselves")
            ) { request, call in try await test(rows.resource(request.resource), request, call) },
        ]
    }
}
