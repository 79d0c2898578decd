import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// The operations that changes of projects answer with.
///
/// Each is done when it is answered, and its result is the project as it is when the operation is read: so nothing has
/// to be kept of it, its name says all.
struct ProjectOperation: Sendable {
    /// What was done.
    enum Verb: String, Sendable {
        case create = "cp"
        case update = "up"
        case delete = "dp"
        case move = "mp"
        case undelete = "un"
    }

    let verb: Verb
    /// The number of the project.
    let number: String

    /// `operations/cp.123456789012`
    var name: String { "operations/\(verb.rawValue).\(number)" }

    init(_ verb: Verb, _ project: ProjectRecord) {
        self.verb = verb
        number = project.number
    }

    /// - Throws: `NOT_FOUND` for a name of another form.
    init(name: String) throws {
        guard let match = name.wholeMatch(of: /operations\/([a-z]{2})\.([0-9]{1,20})/),
            let verb = Verb(rawValue: String(match.output.1))
        else { throw ServiceError.notFound("Operation '\(name.prefix(200))' was not found.") }
        self.verb = verb
        number = String(match.output.2)
    }

    /// The operation as clients of v1 see it.
    func v1(_ project: ProjectRecord) throws -> Google_Longrunning_Operation {
        let metadata = Google_Cloud_Resourcemanager_V1_ProjectCreationStatus.with {
            $0.createTime = .init(date: project.createdAt)
            $0.gettable = true
            $0.ready = true
        }
        return try done(metadata, Google_Cloud_Resourcemanager_V1_Project(project))
    }

    /// The operation as clients of v3 see it.
    func v3(_ project: ProjectRecord) throws -> Google_Longrunning_Operation {
        let metadata: any Message =
            switch verb {
            case .create:
                Google_Cloud_Resourcemanager_V3_CreateProjectMetadata.with {
                    $0.createTime = .init(date: project.createdAt)
                    $0.gettable = true
                    $0.ready = true
                }
            case .update: Google_Cloud_Resourcemanager_V3_UpdateProjectMetadata()
            case .delete: Google_Cloud_Resourcemanager_V3_DeleteProjectMetadata()
            case .move: Google_Cloud_Resourcemanager_V3_MoveProjectMetadata()
            case .undelete: Google_Cloud_Resourcemanager_V3_UndeleteProjectMetadata()
            }
        return try done(metadata, Google_Cloud_Resourcemanager_V3_Project(project))
    }

    private func done(_ metadata: any Message, _ response: any Message) throws -> Google_Longrunning_Operation {
        var operation = Google_Longrunning_Operation()
        operation.name = name
        operation.metadata = try Google_Protobuf_Any(message: metadata)
        operation.done = true
        operation.response = try Google_Protobuf_Any(message: response)
        return operation
    }
}
