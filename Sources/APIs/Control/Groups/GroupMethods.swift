import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// The groups of an installation, for its owner: Google's APIs in scope have none for them.
struct GroupMethods: Sendable {
    private static let name = "landfall.control.v1.Groups"
    private static let longestPage = 1000

    let directory: Directory
    /// Why no token is asked for.
    let reason: String

    var methods: [any Method] { [list, get, create, changeMembers, delete] }

    private var list: any Method {
        UnaryMethod<Landfall_Control_V1_ListGroupsRequest, Landfall_Control_V1_ListGroupsResponse>(
            "\(Self.name).ListGroups", .post("/v1/groups:list", body: "*"), access: .anyone(reason)
        ) { request, _ in
            let last = try PageToken.read(request.pageToken, scope: ["groups"]) ?? ""
            let limit = try PageSize.read(
                request.pageSize, default: Self.longestPage, maximum: Self.longestPage)
            let rest = directory.state.groups.sorted.drop { !last.utf8.lexicographicallyPrecedes($0.address.utf8) }
            let page = rest.prefix(limit)
            let next = rest.count > limit ? page.last?.address : nil
            return try .with {
                $0.groups = page.map(Landfall_Control_V1_Group.init)
                $0.nextPageToken = try next.map { try PageToken.make(after: $0, scope: ["groups"]) } ?? ""
            }
        }
    }

    private var get: any Method {
        UnaryMethod<Landfall_Control_V1_GetGroupRequest, Landfall_Control_V1_Group>(
            "\(Self.name).GetGroup", .post("/v1/groups:get", body: "*"), access: .anyone(reason)
        ) { request, _ in .init(try directory.state.group(request.address)) }
    }

    private var create: any Method {
        UnaryMethod<Landfall_Control_V1_CreateGroupRequest, Landfall_Control_V1_Group>(
            "\(Self.name).CreateGroup", .post("/v1/groups", body: "*"), access: .anyone(reason)
        ) { request, call in
            guard let address = EmailAddress.canonical(request.address) else {
                throw ServiceError.invalidArgument(
                    "'\(request.address.prefix(300))' is not an e-mail address.", field: "address")
            }
            return try await directory.change { draft in
                guard draft.state.groups[address] == nil else {
                    throw ServiceError.alreadyExists("There is a group \(address) already.")
                }
                var group = GroupRecord(address: address, createdAt: call.time)
                group.members = try draft.state.members(request.members, field: "members")
                try draft.putGroup(group)
                return .init(group)
            }
        }
    }

    private var changeMembers: any Method {
        UnaryMethod<Landfall_Control_V1_ChangeMembersRequest, Landfall_Control_V1_Group>(
            "\(Self.name).ChangeMembers", .post("/v1/groups:changeMembers", body: "*"), access: .anyone(reason)
        ) { request, _ in
            try await directory.change { draft in
                var group = try draft.state.group(request.address)
                group.members.formUnion(try draft.state.members(request.added, field: "added"))
                // Who is gone can still be taken out.
                group.members.subtract(try request.removed.map { try GroupMember($0, field: "removed").text })
                try draft.putGroup(group)
                return .init(group)
            }
        }
    }

    private var delete: any Method {
        UnaryMethod<Landfall_Control_V1_DeleteGroupRequest, Google_Protobuf_Empty>(
            "\(Self.name).DeleteGroup", .post("/v1/groups:delete", body: "*"), access: .anyone(reason)
        ) { request, _ in
            try await directory.change { draft in try draft.deleteGroup(draft.state.group(request.address)) }
            return .init()
        }
    }
}

extension DirectoryState {
    /// The group of an address in any case.
    ///
    /// - Throws: `NOT_FOUND`
    fileprivate func group(_ address: String) throws -> GroupRecord {
        guard let group = EmailAddress.canonical(address).flatMap({ groups[$0] }) else {
            throw ServiceError.notFound("There is no group \(address.prefix(300)).")
        }
        return group
    }

    /// New members, each of whom exists.
    fileprivate func members(_ texts: [String], field: String) throws -> Set<String> {
        Set(
            try texts.map { text in
                let member = try GroupMember(text, field: field)
                if let objection = member.objection(in: self) { throw ServiceError.notFound(objection) }
                return member.text
            })
    }
}

extension DirectoryDraft {
    /// Adds or changes a group.
    ///
    /// - Throws: `RESOURCE_EXHAUSTED` for too many members or groups.
    fileprivate mutating func putGroup(_ group: GroupRecord) throws {
        do {
            try put(group)
        } catch GroupError.tooManyMembers {
            throw ServiceError(.resourceExhausted, "A group has at most \(Groups.maximumMembers) members.")
        } catch GroupError.tooManyGroups {
            throw ServiceError(.resourceExhausted, "There are at most \(Groups.maximumGroups) groups.")
        }
    }
}

extension Landfall_Control_V1_Group {
    fileprivate init(_ group: GroupRecord) {
        self.init()
        address = group.address
        members = group.members.sorted()
        createTime = .init(date: group.createdAt)
    }
}
