import Crypto
import FoundationEssentials
import Identity

/// What a browser shows while somebody signs in. It has no script: it asks again by itself until it is sent on.
enum SignInPage {
    /// The owner of the installation has to type the code.
    case waiting(String, SignInDestination)
    /// The person has to carry this code to the program.
    case code(String)
    /// The sign-in is over, or there was none.
    case ended
    /// It was not begun.
    case refused(Refusal)

    /// Why a sign-in is not begun, where there is no program to tell.
    enum Refusal {
        /// The address cannot be taken apart.
        case notUnderstood
        /// The code would go to where somebody else could read it.
        case badDestination
        /// It is for the people of a pool.
        case otherProvider
        /// What the program would have been told.
        case other(String)
    }

    /// The page, with its status.
    var answer: OAuthAnswer { .page(html, status: status) }

    private var status: Int {
        switch self {
        case .waiting, .code: 200
        case .ended: 404
        case .refused: 400
        }
    }

    private var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        \(isWaiting ? #"<meta http-equiv="refresh" content="2">"# : "")
        <title>Sign in to Landfall</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <h1>Sign in to Landfall</h1>
        \(text)
        </main>
        </body>
        </html>

        """
    }

    private var isWaiting: Bool { if case .waiting = self { true } else { false } }

    private var text: String {
        switch self {
        case .waiting(let code, let destination):
            """
            <p>\(Self.program(destination)) wants to be signed in to this server.</p>
            <p>The owner of the installation says as whom, in a terminal:</p>
            <pre>landfall approve \(Self.escaped(code)) --as you@example.com</pre>
            <p>Whoever has the program may then do what that account may do. Approve it only if you have begun this
            yourself, a moment ago.</p>
            <p>The page goes on by itself. The code is good for five minutes.</p>
            """
        case .code(let code):
            """
            <p>Approved. Enter this code in the program that waits for it:</p>
            <pre>\(Self.escaped(code))</pre>
            """
        case .ended: "<p>This sign-in has ended, or was never begun. Begin again in your program.</p>"
        case .refused(let refusal): "<p>\(Self.escaped(Self.sentence(refusal)))</p>"
        }
    }

    private static func program(_ destination: SignInDestination) -> String {
        switch destination {
        case .program(let address): "A program that waits at <code>\(escaped(address))</code> on this computer"
        case .person: "A program that has no browser, and asks for a code instead,"
        }
    }

    private static func sentence(_ refusal: Refusal) -> String {
        switch refusal {
        case .notUnderstood: "The address of this page is not one that a program signs in with."
        case .badDestination:
            "The program must wait at http://localhost:PORT/ or http://127.0.0.1:PORT/: a code is sent nowhere else."
        case .otherProvider:
            "Here the people of the installation sign in, and no identities of workforce pools: those bring a token of "
                + "their issuer, with gcloud auth login --cred-file. 'landfall login-config' writes a configuration for "
                + "this page."
        case .other(let text): text
        }
    }

    private static let style =
        "body{font:16px/1.5 sans-serif;background:#f4f4f2;color:#222}main{max-width:38em;margin:4em auto;padding:0 1em}"
        + "pre{font-size:1.25em;background:#fff;border:1px solid #ccc;padding:.75em;overflow:auto}"

    /// Nothing is loaded, run, sent or framed; of styles the page's own alone counts.
    static let policy: String = {
        let digest = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
        return "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'"
    }()

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
    }
}
