import Access
import Control
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

private typealias Group = Landfall_Control_V1_Group

@Suite("Groups of an installation")
struct GroupTests {
    private let fixture = try? Fixture()

    private func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, giving: Response.Type = Response.self
    ) async throws -> Response {
        try await #require(fixture).call("Groups.\(name)", request)
    }

    private func create(_ address: String, _ members: String...) async throws -> Group {
        try await call(
            "CreateGroup",
            Landfall_Control_V1_CreateGroupRequest.with {
                $0.address = address
                $0.members = members
            })
    }

    private func change(
        _ address: String, adding added: [String] = [], removing removed: [String] = []
    ) async throws -> [String] {
        try await call(
            "ChangeMembers",
            Landfall_Control_V1_ChangeMembersRequest.with {
                $0.address = address
                $0.added = added
                $0.removed = removed
            }, giving: Group.self
        ).members
    }

    private func sees(_ email: String) throws -> Bool {
        try #require(fixture).directory.decide(.user(email), "batch.jobs.list", on: .project("demo")).isAllowed
    }

    @Test("are made, changed and deleted, and what they are granted holds for all who are in them")
    func life() async throws {
        let fixture = try #require(fixture)
        let project = try await fixture.install().project
        let inner = try await create("Inner@Example.com", "bob@example.com", project.defaultServiceAccount)
        #expect(inner.address == "inner@example.com")
        #expect(inner.members == ["serviceAccount:\(project.defaultServiceAccount)", "user:bob@example.com"])
        _ = try await create("outer@example.com", "group:inner@example.com")
        try await fixture.grant("roles/batch.jobsViewer", to: "group:outer@example.com")
        #expect(try sees("bob@example.com"))
        let more = try await change("inner@example.com", adding: ["carol@example.com"], removing: ["bob@example.com"])
        #expect(more.contains("user:carol@example.com"))
        #expect(try !sees("bob@example.com"))
        #expect(try sees("carol@example.com"))

        let delete = { (address: String) in
            let _: Google_Protobuf_Empty = try await call(
                "DeleteGroup", Landfall_Control_V1_DeleteGroupRequest.with { $0.address = address })
        }
        try await delete("inner@example.com")
        #expect(try !sees("carol@example.com"))
        let outer: Group = try await call(
            "GetGroup", Landfall_Control_V1_GetGroupRequest.with { $0.address = "outer@example.com" })
        #expect(outer.members.isEmpty)
        try await delete("OUTER@example.com")
        let members = fixture.directory.state.policy(of: project.resource).bindings.flatMap(\.members)
        #expect(members.contains { $0.hasPrefix("deleted:group:outer@example.com?uid=") })
        // Another of the address is granted nothing.
        _ = try await create("outer@example.com", "dave@example.com")
        #expect(try !sees("dave@example.com"))
    }

    @Test("are listed by page, by address")
    func pages() async throws {
        for name in ["c", "a", "b"] { _ = try await create("\(name)@example.com") }
        let list = { (token: String) in
            try await call(
                "ListGroups",
                Landfall_Control_V1_ListGroupsRequest.with {
                    $0.pageSize = 2
                    $0.pageToken = token
                }, giving: Landfall_Control_V1_ListGroupsResponse.self)
        }
        let first = try await list("")
        #expect(first.groups.map(\.address) == ["a@example.com", "b@example.com"])
        let second = try await list(first.nextPageToken)
        #expect(second.groups.map(\.address) == ["c@example.com"])
        #expect(second.nextPageToken.isEmpty)
    }

    @Test(
        "take in nobody who is not there, and nothing that is nobody",
        arguments: [
            ("nobody", ServiceError.Code.invalidArgument), ("allUsers", .invalidArgument),
            ("domain:example.com", .invalidArgument), ("group:none@example.com", .notFound),
            ("none@demo.iam.gserviceaccount.com", .notFound),
        ])
    func refused(member: String, code: ServiceError.Code) async throws {
        _ = try await create("team@example.com")
        #expect(await refusal { _ = try await change("team@example.com", adding: [member]) }?.code == code)
        #expect(await refusal { _ = try await create("other@example.com", member) }?.code == code)
        #expect(await refusal { _ = try await create("team@example.com") }?.code == .alreadyExists)
        #expect(await refusal { _ = try await create("team") }?.code == .invalidArgument)
        #expect(await refusal { _ = try await change("none@example.com") }?.code == .notFound)
        #expect(try #require(fixture).directory.state.groups.count == 1)
    }
}
