import Directory
import Identity
import Methods
import Schema
import Workload

extension OSLoginAPI {
    /// The profile of a user as clients see it.
    func message(of user: OSLoginUser, _ call: Call) -> Google_Cloud_Oslogin_V1_LoginProfile {
        let profile = osLogin.profile(of: user)
        var message = Google_Cloud_Oslogin_V1_LoginProfile()
        message.name = user.id
        if let primary = profile.projects.first, let account = osLogin.account(of: user) {
            message.posixAccounts = profile.projects.map {
                .init(account, of: user, project: $0, isPrimary: $0 == primary)
            }
        }
        for key in profile.keys(at: call.time) { message.sshPublicKeys[key.fingerprint] = .init(key, of: user) }
        return message
    }
}

extension Google_Cloud_Oslogin_Common_SshPublicKey {
    init(_ key: LoginProfileRecord.Key, of user: OSLoginUser) {
        self.init()
        name = "users/\(user.name)/sshPublicKeys/\(key.fingerprint)"
        self.key = key.text
        fingerprint = key.fingerprint
        expirationTimeUsec = key.expiresAt ?? 0
    }
}

extension Google_Cloud_Oslogin_Common_PosixAccount {
    /// Without a shell: which one there is, is for each system to say.
    fileprivate init(_ account: PosixAccount, of user: OSLoginUser, project: String, isPrimary: Bool) {
        self.init()
        name = "users/\(user.name)/projects/\(project)"
        accountID = project
        username = account.username
        uid = Int64(account.uid)
        gid = Int64(account.gid)
        homeDirectory = account.home
        operatingSystemType = .linux
        primary = isPrimary
    }
}
