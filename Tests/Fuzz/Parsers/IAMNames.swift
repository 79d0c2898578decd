import Access

@testable import DenyPolicies
@testable import IAM
@testable import IdentityPoolsAPI
@testable import OrgPolicy

extension FuzzedParser {
    /// Names of service accounts, keys, roles, policies and pools. What a name was taken apart into makes the same name: access
    /// is checked on nothing else than what it says.
    static let iamNames = FuzzedParser("iam-names") { input in
        let text = input.text
        // Addresses mean the same in any case, and so do the digits of an escape.
        func expectSame(_ written: String) throws {
            try expect(written.lowercased() == text.lowercased(), "\(text) became \(written)")
        }
        if let name = try? AccountName(text, field: "name") {
            try expectSame("projects/\(name.project)/serviceAccounts/\(name.account)")
            let isNumber = name.account.utf8.allSatisfy { (0x30...0x39).contains($0) }
            try expect(
                isNumber || EmailAddress.canonical(name.account) == name.account, "\(name.account) is no account")
        }
        if let name = try? KeyName(text) { try expectSame("\(name.account.resource.path)/keys/\(name.id)") }
        if let parent = try? RoleParent(text) { try expectSame(parent.resource.path) }
        if let name = try? RoleName(text) { try expectSame("\(name.parent.resource.path)/roles/\(name.id)") }
        if let name = try? DenyPolicyName(text, field: "name") {
            try expect(name.attachment.kind.isContainer, "\(text) is attached to \(name.attachment)")
            try expectSame(DenyPolicyName.collection(of: name.attachment.path) + (name.id.map { "/\($0)" } ?? ""))
        }
        if let name = try? PolicyName(text, field: "name") {
            try expectSame("\(name.resource.path)/policies/\(name.constraint)")
        }
        for family in [PoolFamily.workload, .workforce] {
            if let name = try? PoolName(text, family, field: "name") { try expectSame(name.resource.path) }
            if let name = try? ProviderReference(text, family, field: "name") {
                try expectSame("\(name.pool.resource.path)/providers/\(name.id)")
            }
        }
        if let name = try? SubjectName(text) {
            let subject = name.subject.replacing("/", with: "%2F")
            try expectSame("\(name.pool.resource.path)/subjects/\(subject)")
        }
        if let name = try? FullResourceName(text) {
            try expect(name.container.kind.isContainer, "\(text) lies in \(name.container)")
            let container = name.resource.project.map(Resource.project) ?? name.resource
            try expect(container == name.container, "\(text) lies in \(container) and in \(name.container)")
        }
    }
}
