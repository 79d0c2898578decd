import Identity

/// The way of a browser back to the program that sent it (RFC 6749, 4.1.2).
struct WayBack: Sendable {
    let destination: SignInDestination
    /// What the program wants to get back.
    let state: String?

    /// Takes the code to the program, or shows it to the person who carries it there.
    func success(_ code: String) -> OAuthAnswer {
        guard case .program(let address) = destination else { return SignInPage.code(code).answer }
        return .redirect(to: Self.address(address, [("code", code), ("state", state)]))
    }

    /// Tells the program why it gets no code; or the person, when nobody else would hear of it.
    func refusal(_ error: String, _ description: String) -> OAuthAnswer {
        guard case .program(let address) = destination else { return SignInPage.refused(.other(description)).answer }
        let fields = [("error", error), ("error_description", description), ("state", state)]
        return .redirect(to: Self.address(address, fields))
    }

    /// An address with these fields as its query.
    private static func address(_ path: String, _ fields: [(String, String?)]) -> String {
        path + "?" + fields.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }.joined(separator: "&")
    }

    /// Whatever is not unreserved (RFC 3986, 2.3) is written by its bytes: nothing can end a header or begin a field.
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
    }
}
