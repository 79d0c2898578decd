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

    func serviceAccount(_ email: String) async throws -> ServiceAccountRecord? {
        let known = ["runner@demo.iam.gserviceaccount.com", "off@demo.iam.gserviceaccount.com"]
        guard email == Self.demo.defaultServiceAccount || known.contains(email) else { return nil }
        var account = ServiceAccountRecord(
            email: email, uniqueID: "1", project: "demo", createdAt: Date(timeIntervalSince1970: 0))
        account.isDisabled = email.hasPrefix("off@")
        return account
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
