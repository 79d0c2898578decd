import Identity

@testable import OSLoginAPI

extension FuzzedParser {
    /// SSH public keys, names of login profiles, and files of POSIX accounts.
    static let accounts = FuzzedParser("accounts") { input in
        let text = input.text
        if let key = try? SSHPublicKey(text) {
            let line = key.text.reversed().drop(while: \.isNewline)
            try expect(key.text == text && !line.contains(where: \.isNewline), "\(text) is not one line")
            try expect(key.fingerprint.utf8.count == 64, "\(key.fingerprint) is no fingerprint")
        }
        if let name = try? UserName(text) { try expect("users/\(name.user)" == text, "\(text) became \(name.user)") }
        if let name = try? UserName(text, collection: "projects") {
            try expect("users/\(name.user)/projects/\(name.id)" == text, "\(text) became \(name.user), \(name.id)")
        }
        let site = try SiteAccounts(text: text)
        for uid: UInt32 in [0, 1, 999, 65534, 0x7000_0000] {
            try expect(!site.contains(uid: uid), "\(text) gives a task the uid \(uid)")
        }
    }
}
