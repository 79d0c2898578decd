import Access
import Logbook
import Requests

@testable import Batch
@testable import Gateway
@testable import LoggingAPI
@testable import ResourceManager
@testable import ServiceUsage

extension FuzzedParser {
    /// Names of resources, of every API. What a name was taken apart into makes the same name.
    static let resourceNames = FuzzedParser("resource-names") { input in
        let text = input.text
        let pattern = "projects/*/locations/*/jobs/*"
        if let path = try? ResourcePath(text, like: pattern, field: "name") {
            let name = "projects/\(path.values[0])/locations/\(path.values[1])/jobs/\(path.values[2])"
            try expect(name == text, "\(text) became \(name)")
        }
        if let name = LogName(text) {
            let written = name.description
            try expect(LogName(written) == name, "\(text) became \(written)")
        }
        if let parent = try? LogParents.parse(text, field: "name") {
            try expect(parent.path == text, "\(text) became \(parent.path)")
        }
        if let service = try? ServiceName(text) {
            let name = "projects/\(service.project)/services/\(service.service)"
            try expect(name == text, "\(text) became \(name)")
        }
        _ = try? ResourceNames.project(text, field: "name")
        _ = try? ResourceNames.parent(text, field: "name")
        if JobID.isValid(text) {
            try expect(text.utf8.count <= 63 && !text.contains("/"), "\(text) is a job's id")
        }
    }

    /// Members of bindings, and addresses. What they are written as means the same.
    static let member = FuzzedParser("member") { input in
        let text = input.text
        if let member = Member(text) { try expect(Member(member.text) == member, "\(text) became \(member.text)") }
        if let member = Member(identifier: text) {
            try expect(Member(identifier: member.identifier) == member, "\(text) became \(member.identifier)")
        }
        if let resource = Resource(fullName: text) {
            try expect(resource.fullName == text, "\(text) became \(resource.fullName)")
        }
        if let pattern = PermissionPattern(text) {
            try expect(pattern.description == text && !pattern.permissions.isEmpty, "\(text) means nothing")
        }
        guard let address = EmailAddress.canonical(text) else { return }
        try expect(EmailAddress.canonical(address) == address, "\(text) became \(address)")
        try expect(EmailAddress.canonicalDomain(EmailAddress.domain(of: address)) != nil, "\(text) has no domain")
    }

    /// Paths of requests, matched with templates of all forms: a verb, a space, the path.
    static let paths = FuzzedParser("paths") { input in
        let parts = input.text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let match = tree.match(verb: String(parts[0]), path: String(parts[1])) else { return }
        for (field, value) in match.bindings {
            try expect(!field.isEmpty, "a field without a name")
            // What takes one segment never holds what would be read as two.
            if match.value == "get", !value.contains("%") {
                try expect(value.split(separator: "/").count <= 6, "\(value) has parts that the path did not have")
            }
        }
    }

    private static let tree: PathTree<String> = {
        var tree = PathTree<String>()
        for (verb, template, value) in [
            ("GET", "/v1/{name=projects/*/locations/*/jobs/*}", "get"),
            ("POST", "/v1/{parent=projects/*/locations/*}/jobs", "create"),
            ("POST", "/v1/{name=projects/*/locations/*/jobs/*}:cancel", "cancel"),
            ("GET", "/v1/{parent=projects/*/locations/*/jobs/*/taskGroups/*}/tasks", "tasks"),
            ("GET", "/v1/{name=projects/*/locations/*/operations/**}", "operation"),
            ("GET", "/v1/projects/{project_id}", "project"),
            ("POST", "/v1/projects/{resource}:getIamPolicy", "policy"),
            ("DELETE", "/v2/{log_name=projects/*/logs/*}", "log"),
        ] {
            guard let template = try? PathTemplate(template), tree.insert(value, verb: verb, template: template) else {
                fatalError("the template \(template) is wrong")
            }
        }
        return tree
    }()
}
