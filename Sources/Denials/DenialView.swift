import Access
import Methods
import Schema

/// What a reader may see of a refusal: no more than they can see without it.
///
/// - Whoever was refused sees what they asked, what they were told, and the smallest predefined roles with the
///   permission, on what they named: all of it the same whether or not that exists.
/// - A policy, with what came close by it, is seen by those who may read that policy; a rule of a deny policy by those
///   who may read deny policies there.
/// - Whoever can read the policy of what was asked for sees that somebody was refused, and what stands in the way.
struct DenialView {
    /// Roles that are named to those who may not read policies. So few that what else exists does not change them.
    private static let mostRemedies = 3

    let call: Call

    /// The refusal, as far as the caller may see it; nil when they may not know of it.
    func visible(_ denial: DenialMessage) async throws -> DenialMessage? {
        let isOwn = try call.principal().member == denial.caller
        guard let resource = Resource(fullName: denial.canonicalResource) else { return isOwn ? stranger(denial) : nil }
        let holder = resource.policyHolder
        guard try await mayRead(policyOf: holder) else { return isOwn ? stranger(denial) : nil }
        return try await insider(denial, holder)
    }

    /// For one who may not read the policy of what was asked for.
    private func stranger(_ denial: DenialMessage) -> DenialMessage {
        var view = denial
        view.partial = true
        // What the error itself tells those whom policies allow what they asked.
        let isTold = denial.cause == .projectDeleted || denial.cause == .constraint
        if !isTold { (view.cause, view.causeDetail, view.liftingCommand) = (.unspecified, "", "") }
        view.obstacle = ""
        view.denyRules = []
        view.policies = []
        view.nearMisses = []
        view.remedies = remedies(of: denial)
        view.canonicalResource = ""
        return view
    }

    /// The grants on what the caller named, as the caller named it.
    private func remedies(of denial: DenialMessage) -> [Landfall_Denials_V1_Remedy] {
        guard let named = Resource(fullName: denial.resource), let known = Resource(fullName: denial.canonicalResource)
        else { return [] }
        var places = [(known, named)]
        // A hyphen stands for whichever project an account is in.
        if let id = known.project, let stated = named.project, stated != "-" {
            places.append((.project(id), .project(stated)))
        }
        return denial.remedies.filter { $0.role.hasPrefix("roles/") }.compactMap { remedy in
            places.first { $0.0.fullName == remedy.resource }.map { place in
                .with {
                    $0.role = remedy.role
                    $0.resource = place.1.fullName
                    $0.command = place.1.grantCommand(role: remedy.role, member: denial.principal)
                }
            }
        }.prefix(Self.mostRemedies).map { $0 }
    }

    /// For one who may read the policy of what was asked for, but maybe not all that counts for it.
    private func insider(_ denial: DenialMessage, _ holder: Resource) async throws -> DenialMessage {
        var view = denial
        view.denyRules = try await kept(denial.denyRules, by: \.resource) { try await mayReadDenyPolicies(of: $0) }
        view.policies = try await kept(denial.policies, by: \.resource) { try await mayRead(policyOf: $0) }
        view.nearMisses = try await kept(denial.nearMisses, by: \.resource) { try await mayRead(policyOf: $0) }
        view.partial =
            view.denyRules.count < denial.denyRules.count || view.policies.count < denial.policies.count
            || view.nearMisses.count < denial.nearMisses.count
        if denial.cause == .denyRule, !view.denyRules.contains(where: \.applies) {
            (view.cause, view.causeDetail) = (.unspecified, "")
        }
        return view
    }

    private func kept<Part>(
        _ parts: [Part], by resource: (Part) -> String, if mayRead: (Resource) async throws -> Bool
    ) async throws -> [Part] {
        var answers: [String: Bool] = [:]
        var kept: [Part] = []
        for part in parts {
            let name = resource(part)
            if answers[name] == nil {
                if let resource = Resource(fullName: name) { answers[name] = try await mayRead(resource) }
            }
            if answers[name] == true { kept.append(part) }
        }
        return kept
    }

    private func mayRead(policyOf holder: Resource) async throws -> Bool {
        guard let permission = holder.policyReading else { return false }
        return try await call.mayUse(permission, on: holder)
    }

    private func mayReadDenyPolicies(of container: Resource) async throws -> Bool {
        try await call.mayUse("iam.denypolicies.get", on: container)
    }
}

extension Resource {
    /// What the policy is bound to that counts for it first.
    fileprivate var policyHolder: Resource {
        if kind.isContainer { return self }
        return ownHolder ?? project.map { .project($0) } ?? self
    }
}
