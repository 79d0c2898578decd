import Directory
import Methods
import Schema
import SwiftProtobuf

/// The operations that changes of pools and providers answer with.
///
/// Each is done when it is answered, and its result is the pool or the provider as it is when the operation is read: so
/// nothing has to be kept of it, its name says all.
struct PoolOperation: Sendable {
    /// What was done.
    enum Verb: String, Sendable {
        case create
        case update
        case delete
        case undelete
    }

    let verb: Verb

    init(_ verb: Verb) { self.verb = verb }

    /// The operation on a pool as clients see it.
    func message(_ pool: some PoolMessage) throws -> Google_Longrunning_Operation {
        try message(pool, name: pool.name, type(of: pool).family)
    }

    /// The operation on a provider as clients see it.
    func message(_ provider: some ProviderMessage) throws -> Google_Longrunning_Operation {
        try message(provider, name: provider.name, type(of: provider).family)
    }

    private func message(
        _ result: some Message, name: String, _ family: PoolFamily
    ) throws -> Google_Longrunning_Operation {
        let metadata: any Message =
            switch family {
            case .workload: Google_Iam_V1_WorkloadIdentityPoolOperationMetadata()
            case .workforce: Google_Iam_Admin_V1_WorkforcePoolOperationMetadata()
            }
        return try .with {
            $0.name = "\(name)/operations/\(verb.rawValue)"
            $0.metadata = try Google_Protobuf_Any(message: metadata)
            $0.done = true
            $0.response = try Google_Protobuf_Any(message: result)
        }
    }

    /// What an operation was about, and what was done.
    ///
    /// - Throws: `NOT_FOUND` for what is the name of no operation.
    static func parts(of name: String) throws -> (subject: String, verb: Verb) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 2, parts[parts.count - 2] == "operations",
            let verb = Verb(rawValue: String(parts[parts.count - 1]))
        else { throw ServiceError.notFound("Operation '\(name.prefix(300))' was not found.") }
        return (parts.dropLast(2).joined(separator: "/"), verb)
    }
}

/// `operations.get`, which clients poll. Who may see the pool or the provider may see the operation.
struct PoolOperations: Sendable {
    let directory: Directory

    var methods: [any Method] {
        [
            get(.workload, Google_Iam_V1_WorkloadIdentityPool.self, Google_Iam_V1_WorkloadIdentityPoolProvider.self),
            get(.workforce, Google_Iam_Admin_V1_WorkforcePool.self, Google_Iam_Admin_V1_WorkforcePoolProvider.self),
        ]
    }

    private func get<Pool: PoolMessage, Provider: ProviderMessage>(
        _ family: PoolFamily, _: Pool.Type, _: Provider.Type
    ) -> any Method {
        UnaryMethod<Google_Longrunning_GetOperationRequest, Google_Longrunning_Operation>(
            "\(family.methods).GetOperation", .get(family.path().dropLast() + "/operations/*}"),
            .get(family.providerPath().dropLast() + "/operations/*}"),
            access: .byHandler("the name says whether it is about a pool or a provider")
        ) { request, call in
            let (subject, verb) = try PoolOperation.parts(of: request.name)
            // What is missing is a refusal to those who may not know.
            if subject.contains("/providers/") {
                let name = try ProviderReference(subject, family, field: "name")
                try await call.admit(family.providerPermission("get"), on: name.resource, service: Self.service)
                let record = try directory.state.provider(name, at: call.time)
                return try PoolOperation(verb).message(Provider(record))
            }
            let name = try PoolName(subject, family, field: "name")
            try await call.admit(family.permission("get"), on: name.resource, service: Self.service)
            return try PoolOperation(verb).message(Pool(try directory.state.pool(name, at: call.time)))
        }
    }

    private static let service = IdentityPoolsAPI.service
}
