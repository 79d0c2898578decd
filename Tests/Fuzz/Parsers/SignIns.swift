import Foundation
import Identity

@testable import OAuth

extension FuzzedParser {
    /// What a program asks for that signs a person in. Whatever it is, a browser is sent to this machine and nowhere else,
    /// nothing that was asked ends a header, and a page shows none of it as markup.
    static let authorization = FuzzedParser("authorization") { input in
        let reader = AuthorizationQuery(universe: "landfall.test")
        switch reader.read(input.text) {
        case .refused(let answer): try check(answer)
        case .request(let request):
            let again = SignInDestination(redirectURI: request.destination.redirectURI, universe: reader.universe)
            try expect(again == request.destination, "\(request.destination) is read as another")
            try expect((request.state ?? "").utf8.count <= 2048, "the state is long")
            try expect(
                !request.client.contains(":") && !request.client.contains("/"), "\(request.client) is an address")
            try check(WayBack(destination: request.destination, state: request.state).success("4/code"))
            try check(SignInPage.waiting("BCDF-GHJK", request.destination).answer)
        }
    }

    private static func check(_ answer: OAuthAnswer) throws {
        if let location = answer.headers["location"] {
            let hosts = ["http://localhost:", "http://127.0.0.1:", "http://[::1]:"]
            guard let host = hosts.first(where: location.hasPrefix), let query = location.firstIndex(of: "?") else {
                throw Violation(description: "a browser is sent to \(location)")
            }
            let port = location[location.index(location.startIndex, offsetBy: host.utf8.count)..<query]
            try expect(port.last == "/" && UInt16(port.dropLast()) != nil, "a browser is sent to \(location)")
            try expect(location.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(location) ends a header")
        } else {
            let page = String(decoding: answer.body, as: UTF8.self).lowercased()
            try expect(!page.contains("<script") && !page.contains("<img"), page)
        }
    }
}
