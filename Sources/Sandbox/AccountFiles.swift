/// The passwd and group files that a sandbox shows: the host's system accounts by name and number, without its people,
/// and the account that the task runs as.
struct AccountFiles: Sendable {
    var passwd: String
    var group: String

    /// Numbers below this one are the system's on Debian and most others.
    private static let firstPerson = 1000
    private static let nobody = 65534

    /// The system accounts alone, from the texts of the host's files.
    init(hostPasswd: String, hostGroup: String) {
        passwd = "root:x:0:0:root:/root:/bin/bash\n"
        group = "root:x:0:\n"
        for fields in Self.records(hostPasswd, fieldCount: 7) where Self.isSystem(fields[2]) {
            passwd += "\(fields[0]):x:\(fields[2]):\(fields[3])::\(fields[5]):/usr/sbin/nologin\n"
        }
        for fields in Self.records(hostGroup, fieldCount: 4) where Self.isSystem(fields[2]) {
            group += "\(fields[0]):x:\(fields[2]):\n"
        }
    }

    /// The same with an account added, in a group of its own name; it takes the place of one with its name or number.
    func adding(name: String, uid: UInt32, gid: UInt32, home: String, shell: String) -> AccountFiles {
        var files = self
        files.passwd =
            Self.without(passwd, name: name, number: uid) + "\(name):x:\(uid):\(gid)::\(home):\(shell)\n"
        files.group = Self.without(group, name: name, number: gid) + "\(name):x:\(gid):\n"
        return files
    }

    /// A shadow file, or gshadow, in which nobody has a password.
    func locked(_ file: String, fieldCount: Int) -> String {
        Self.records(file, fieldCount: nil).map { fields in
            "\(fields[0]):*" + String(repeating: ":", count: fieldCount - 2) + "\n"
        }.joined()
    }

    private static func isSystem(_ number: String) -> Bool {
        guard let number = Int(number) else { return false }
        return (1..<firstPerson).contains(number) || number == nobody
    }

    private static func records(_ text: String, fieldCount: Int?) -> [[String]] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            return fieldCount.map { $0 == fields.count } ?? (fields.count > 2) ? fields : nil
        }
    }

    private static func without(_ text: String, name: String, number: UInt32) -> String {
        records(text, fieldCount: nil)
            .filter { $0[0] != name && $0[2] != String(number) }
            .map { $0.joined(separator: ":") + "\n" }
            .joined()
    }
}
