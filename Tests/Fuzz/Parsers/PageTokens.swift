import Foundation
import Methods
import Store
import Workload

extension FuzzedParser {
    /// Tokens of pages: a stranger's is refused, or is one that could have been made here; and a token leads to the
    /// position that it was made of, for the same parameters only.
    static let pageToken = FuzzedParser("page-token") { input in
        let text = input.text
        _ = try? PageToken.read(text, as: JobCursor.self, scope: ["jobs"])
        _ = try? PageToken.read(text, as: [Int64].self, scope: ["jobs"])
        guard text.utf8.count < 2000 else { return }
        let scopes = [["list", text], ["list\(text)"]]
        let token = try PageToken.make(after: text, scope: scopes[0])
        let position: String? = try PageToken.read(token, scope: scopes[0])
        try expect(position == text, "\(text) came back as \(position ?? "nothing")")
        try expect((try? PageToken.read(token, as: String.self, scope: scopes[1])) == nil, "the scope is not looked at")
    }
}
