import Access
import Crypto
import FoundationEssentials
import Store

/// The service accounts that projects have by themselves: without keys that anybody
/// holds.
public struct DefaultServiceAccounts: ServiceAccountKeys {
    private let directory: any DirectoryStore

    /// - Parameter directory: knows the projects.
    public init(directory: any DirectoryStore) {
        self.directory = directory
    }

    /// None: nobody holds keys of these accounts.
    public func publicKeys(of email: String) async throws -> [PublicKey] { [] }

    /// The account of an address. Their unique ids follow from it.
    public func account(_ emailOrUniqueID: String) async throws -> ServiceAccountIdentity? {
        guard let resource = try await directory.serviceAccount(emailOrUniqueID), let id = resource.project,
            let project = try await directory.project(id)
        else { return nil }
        return ServiceAccountIdentity(
            uniqueID: Self.uniqueID(of: emailOrUniqueID), email: emailOrUniqueID, project: id,
            isDisabled: !project.isActive)
    }

    /// 21 digits, the first of which is 1.
    private static func uniqueID(of email: String) -> String {
        let digest = SHA256.hash(data: Data(email.utf8))
        return "1" + digest.prefix(20).map { String($0 % 10) }.joined()
    }
}
