import Access
import Foundation

/// An installation and what is asked about it, as scripts/benchmarks/access.py writes it.
struct World: Decodable {
    struct Grant: Decodable {
        var role: String
        /// `user:alice@example.com` or `group:team@example.com`.
        var members: [String]
        /// When the grant ends, in seconds since 1970; nil for never.
        var until: Int?
    }

    struct Question: Decodable {
        var user: String
        var permission: String
        var project: String
    }

    /// The time of all questions, in seconds since 1970.
    var time: Int
    /// The addresses of users and groups, by group.
    var groups: [String: [String]]
    /// By project.
    var policies: [String: [Grant]]
    var questions: [Question]

    /// An index of all this, in one organization with ten folders.
    func index() throws -> AccessIndex {
        var index = AccessIndex(catalog: .predefined)
        for (address, members) in groups {
            try index.setGroup(address, members: Set(members.compactMap { Member($0) }))
        }
        try index.changeHierarchy { hierarchy throws(HierarchyError) in
            hierarchy.put(Organization(number: "1", domain: "example.com", customer: "C1"))
            for number in 10..<20 { try hierarchy.put(Folder(number: "\(number)", parent: .organization("1"))) }
            for (number, id) in policies.keys.sorted().enumerated() {
                let folder = Resource.folder("\(10 + number % 10)")
                try hierarchy.put(Project(id: id, number: "\(100_000 + number)", parent: folder))
            }
        }
        for (project, grants) in policies {
            index.setPolicy(Policy(bindings: grants.map(\.binding)), of: .project(project))
        }
        return index
    }

    /// A policy of so many bindings with one member each, another one in each round.
    func policy(bindings count: Int, round: Int) -> Policy {
        let grants = policies.keys.sorted().flatMap { policies[$0] ?? [] }
        return Policy(
            bindings: (0..<count).map { number in
                var binding = grants[(number + round * 7) % grants.count].binding
                binding.members = Array(binding.members.prefix(1))
                return binding
            })
    }
}

extension World.Grant {
    var binding: Binding {
        Binding(
            role: role, members: members,
            condition: until.map { until in
                let text = Date(timeIntervalSince1970: Double(until)).ISO8601Format()
                return PolicyCondition(#"request.time < timestamp("\#(text)")"#, title: "until")
            })
    }
}
