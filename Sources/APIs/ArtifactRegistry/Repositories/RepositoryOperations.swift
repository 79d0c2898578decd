import Access
import Directory
import FoundationEssentials
import Methods
import Schema
import SwiftProtobuf

/// The operations that changes answer with.
///
/// Each is done when it is answered, so nothing has to be kept of it: its name says whether a repository was made, which
/// can be looked at, or something was removed, of which nothing is left to be told.
enum RepositoryOperation {
    /// A repository was made.
    case created(RepositoryRecord)
    /// Something was removed: a repository, or what was in one.
    case removed(in: RepositoryRecord)

    static let created = "created-"
    static let removed = "removed-"

    /// The operation with its result.
    func message(response: some Message) throws -> Google_Longrunning_Operation {
        try .with {
            $0.name = name
            $0.metadata = try Google_Protobuf_Any(message: Google_Devtools_Artifactregistry_V1_OperationMetadata())
            $0.done = true
            $0.response = try Google_Protobuf_Any(message: response)
        }
    }

    private var name: String {
        switch self {
        case .created(let record): "\(Self.collection(record))/\(Self.created)\(record.resource.lastWord)"
        case .removed(let record): "\(Self.collection(record))/\(Self.removed)\(UUID().uuidString.lowercased())"
        }
    }

    private static func collection(_ record: RepositoryRecord) -> String {
        record.resource.path.split(separator: "/").prefix(4).joined(separator: "/") + "/operations"
    }
}

extension Resource {
    fileprivate var lastWord: Substring { path.split(separator: "/").last ?? "" }
}

/// `operations.get`, which clients poll.
struct RepositoryOperations: Sendable {
    let repositories: Repositories

    var methods: [any Method] { [get] }

    private var get: any Method {
        UnaryMethod<Google_Longrunning_GetOperationRequest, Google_Longrunning_Operation>(
            "google.longrunning.Operations.GetOperation", .get("/v1/{name=projects/*/locations/*/operations/*}"),
            access: .permission(
                "artifactregistry.repositories.list", on: { try Self.parts(of: $0.name).place.resource })
        ) { request, _ in
            let (place, id) = try Self.parts(of: request.name)
            if id.hasPrefix(RepositoryOperation.created) {
                let name = String(id.dropFirst(RepositoryOperation.created.count))
                let record = try repositories.repository(
                    .repository(name, location: place.location, project: place.project))
                return try await RepositoryOperation.created(record).message(
                    response: repositories.message(record))
            }
            guard id.hasPrefix(RepositoryOperation.removed) else {
                throw ServiceError.notFound("Operation '\(request.name.prefix(300))' was not found.")
            }
            return try .with {
                $0.name = request.name
                $0.metadata = try Google_Protobuf_Any(message: Google_Devtools_Artifactregistry_V1_OperationMetadata())
                $0.done = true
                $0.response = try Google_Protobuf_Any(message: Google_Protobuf_Empty())
            }
        }
    }

    private static func parts(of name: String) throws -> (place: LocationName, id: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[4] == "operations", let id = parts.last else {
            throw ServiceError.invalidArgument("'\(name.prefix(300))' is no operation.", field: "name")
        }
        return (try LocationName(parts[..<4].joined(separator: "/"), field: "name"), String(id))
    }
}
