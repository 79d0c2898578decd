import Access
import Directory
import FoundationEssentials
import Methods
import Schema
import SwiftProtobuf

/// `locations.workforcePools.subjects`: people who may not sign in any more, though their issuer vouches for them.
struct SubjectMethods: Sendable {
    let directory: Directory

    private static let family = PoolFamily.workforce
    private static let path = "/v1/{name=locations/*/workforcePools/*/subjects/*}"

    var methods: [any Method] { [delete, undelete, operation] }

    private var delete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_DeleteWorkforcePoolSubjectRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).DeleteWorkforcePoolSubject", .delete(Self.path),
            access: .permission(Self.permission("delete"), on: { try SubjectName($0.name).pool.resource })
        ) { request, call in
            let name = try SubjectName(request.name)
            do {
                try await directory.change { draft in
                    let pool = try draft.state.pool(name.pool, at: call.time).pool
                    guard draft.state.deletedSubject(name.subject, of: pool, at: call.time) == nil else {
                        throw ServiceError.failedPrecondition("\(name.text) is deleted already.")
                    }
                    try draft.deleteSubject(DeletedSubjectRecord(name.subject, of: pool, deletedAt: call.time))
                }
            } catch DirectoryError.limitReached(let most) {
                throw ServiceError.limit(most, "deleted subjects", in: "A pool")
            }
            return try Self.operation(name, .delete)
        }
    }

    private var undelete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_UndeleteWorkforcePoolSubjectRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).UndeleteWorkforcePoolSubject", .post("\(Self.path):undelete", body: "*"),
            access: .permission(Self.permission("undelete"), on: { try SubjectName($0.name).pool.resource })
        ) { request, call in
            let name = try SubjectName(request.name)
            try await directory.change { draft in
                let pool = try draft.state.pool(name.pool, at: call.time).pool
                guard let record = draft.state.deletedSubject(name.subject, of: pool, at: call.time) else {
                    throw ServiceError.notDeleted(name.text)
                }
                try draft.remove(record)
            }
            return try Self.operation(name, .undelete)
        }
    }

    private var operation: any Method {
        UnaryMethod<Google_Longrunning_GetOperationRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).GetSubjectOperation",
            .get("/v1/{name=locations/*/workforcePools/*/subjects/*/operations/*}"),
            access: .permission(
                Self.family.permission("get"),
                on: { try SubjectName(PoolOperation.parts(of: $0.name).subject).pool.resource })
        ) { request, _ in
            let (subject, verb) = try PoolOperation.parts(of: request.name)
            return try Self.operation(SubjectName(subject), verb)
        }
    }

    /// Done when it is answered.
    private static func operation(
        _ name: SubjectName, _ verb: PoolOperation.Verb
    ) throws -> Google_Longrunning_Operation {
        try .with {
            $0.name = "\(name.text)/operations/\(verb.rawValue)"
            $0.metadata = try Google_Protobuf_Any(message: Google_Iam_Admin_V1_WorkforcePoolOperationMetadata())
            $0.done = true
            $0.response = try Google_Protobuf_Any(message: Google_Protobuf_Empty())
        }
    }

    private static func permission(_ verb: String) -> Permission {
        Permission("iam.googleapis.com/workforcePoolSubjects.\(verb)")
    }
}

/// `locations/global/workforcePools/staff/subjects/alice`, taken apart.
struct SubjectName: Sendable {
    private static let longestSubject = 127

    /// As it was written.
    let text: String
    let pool: PoolName
    /// With its slashes, which are escaped in the name.
    let subject: String

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ text: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let subject = parts.last.map { $0.replacing("%2F", with: "/").replacing("%2f", with: "/") } ?? ""
        guard parts.count > 2, parts[parts.count - 2] == "subjects",
            (1...Self.longestSubject).contains(subject.utf8.count)
        else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' is not the name of a subject: that of a workforce pool, and /subjects/SUBJECT of at "
                    + "most \(Self.longestSubject) bytes.", field: "name")
        }
        self.text = text
        self.subject = String(subject)
        pool = try PoolName(parts.dropLast(2).joined(separator: "/"), .workforce, field: "name")
    }
}
