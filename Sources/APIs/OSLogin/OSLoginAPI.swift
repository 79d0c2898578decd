import Access
import Directory
import Identity
import Methods
import Schema
import SwiftProtobuf

/// The OS Login API: SSH keys and POSIX accounts of people and service accounts.
///
/// No permission is asked for: every user reads and changes its own profile, and no other.
public struct OSLoginAPI: Sendable {
    static let service = "oslogin.googleapis.com"
    static let name = "google.cloud.oslogin.v1.OsLoginService"

    let directory: Directory
    let osLogin: OSLogin

    /// The API over a directory and what OS Login keeps there.
    public static func api(directory: Directory, osLogin: OSLogin) -> API {
        let api = OSLoginAPI(directory: directory, osLogin: osLogin)
        return API(service: service, title: "Cloud OS Login API", methods: api.profileMethods + api.keyMethods)
    }

    /// The user that a request names, which must be the caller.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a name of another form; `PERMISSION_DENIED`, the same for users that do not
    ///   exist.
    func user(_ name: String, field: String, _ call: Call) throws -> OSLoginUser {
        try own(UserName(name, field: field), call)
    }

    /// The caller, if a name means it.
    func own(_ name: UserName, _ call: Call) throws -> OSLoginUser {
        let user = osLogin.user(try call.principal())
        guard user.isNamed(name.user) else {
            throw ServiceError(
                .permissionDenied, "The caller may read and change no login profile but its own (or it may not exist).")
        }
        return user
    }

    /// A project by its id or its number; nil when there is none.
    func project(_ idOrNumber: String) -> ProjectRecord? { directory.state.project(idOrNumber) }
}

extension AccessRule {
    /// The rule of all methods of OS Login.
    static var ownProfile: AccessRule { .byHandler("users may read and change their own profile, and no other") }
}
