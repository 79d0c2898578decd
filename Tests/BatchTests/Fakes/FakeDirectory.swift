import Access
import Batch
import Directory
import Foundation
import Workload

/// One organization, example.com, with one project.
struct FakeDirectory: BatchDirectory {
    static let demo = ProjectRecord(
        id: "demo", number: "123456789012", displayName: "Demo", parent: .organization("42"),
        createdAt: Date(timeIntervalSince1970: 0))

    func project(_ idOrNumber: String) async throws -> ProjectRecord? {
        [Self.demo.id, Self.demo.number].contains(idOrNumber) ? Self.demo : nil
    }

    func projectOfServiceAccount(_ email: String) async throws -> String? {
        switch email {
        case "runner@demo.iam.gserviceaccount.com": "demo"
        case "runner@other.iam.gserviceaccount.com": "other"
        default: nil
        }
    }

    func organization(of project: ProjectRecord) async throws -> OrganizationRecord? {
        OrganizationRecord(number: "42", domain: "example.com", createdAt: Date(timeIntervalSince1970: 0))
    }

    func isMember(_ principal: Principal, of organization: OrganizationRecord) async throws -> Bool {
        principal.name.hasSuffix("@\(organization.domain)")
    }

    func posixAccount(of principal: Principal, in project: ProjectRecord) async throws -> PosixAccount {
        let name = String(principal.name.map { $0 == "@" || $0 == "." ? "_" : $0 })
        return PosixAccount(username: name, uid: 70_001, gid: 70_001, home: "/home/\(name)")
    }
}
