import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// The operations that changes of folders answer with: done when they are answered, as those of projects.
struct FolderOperation: Sendable {
    /// What was done.
    enum Verb: String, Sendable {
        case create = "cf"
        case update = "uf"
        case move = "mf"
        case delete = "df"
        case undelete = "nf"
    }

    let verb: Verb
    let number: String

    /// `operations/cf.123456789012`
    var name: String { "operations/\(verb.rawValue).\(number)" }

    init(_ verb: Verb, _ folder: FolderRecord) {
        self.verb = verb
        number = folder.number
    }

    /// Nil for the name of another operation.
    init?(name: String) {
        guard let match = name.wholeMatch(of: /operations\/([a-z]{2})\.([0-9]{1,20})/),
            let verb = Verb(rawValue: String(match.output.1))
        else { return nil }
        self.verb = verb
        number = String(match.output.2)
    }

    /// The operation as clients of v2 see it.
    func v2(_ folder: FolderRecord) throws -> Google_Longrunning_Operation {
        let metadata = Google_Cloud_Resourcemanager_V2_FolderOperation.with {
            $0.displayName = folder.displayName
            $0.operationType = verb == .move ? .move : .create
            $0.destinationParent = folder.parent.path
        }
        return try done(metadata, Google_Cloud_Resourcemanager_V2_Folder(folder))
    }

    /// The operation as clients of v3 see it.
    func v3(_ folder: FolderRecord) throws -> Google_Longrunning_Operation {
        let metadata: any Message =
            switch verb {
            case .create:
                Google_Cloud_Resourcemanager_V3_CreateFolderMetadata.with {
                    $0.displayName = folder.displayName
                    $0.parent = folder.parent.path
                }
            case .update: Google_Cloud_Resourcemanager_V3_UpdateFolderMetadata()
            case .move:
                Google_Cloud_Resourcemanager_V3_MoveFolderMetadata.with {
                    $0.displayName = folder.displayName
                    $0.destinationParent = folder.parent.path
                }
            case .delete: Google_Cloud_Resourcemanager_V3_DeleteFolderMetadata()
            case .undelete: Google_Cloud_Resourcemanager_V3_UndeleteFolderMetadata()
            }
        return try done(metadata, Google_Cloud_Resourcemanager_V3_Folder(folder))
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
