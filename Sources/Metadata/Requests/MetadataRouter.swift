import Workload

/// What a request to a task's metadata server comes to.
enum MetadataOutcome: Hashable {
    case answer(MetadataAnswer)
    /// An access token with these scopes; with the usual ones when there are none.
    case accessToken(scopes: [String])
    case identityToken(IdentityTokenRequest)
    /// The same answer, once so much time has passed: a value that the caller waits for does not change.
    case later(MetadataAnswer, Duration)
}

/// Finds what a request asks for. No I/O.
struct MetadataRouter {
    /// Nobody waits longer for a change.
    static let longestWait = Duration.seconds(3600)
    private static let longestAudience = 2048
    private static let mostScopes = 100

    let instance: Instance

    func outcome(of request: MetadataRequest) -> MetadataOutcome {
        guard !request.isForwarded else { return .answer(.forwarded) }
        // Clients look at the top to see whether they are on Google Cloud; some of them without the header.
        guard request.isMeant || request.path.isEmpty else { return .answer(.missingFlavor) }
        guard ["GET", "HEAD"].contains(request.method) else { return .answer(.notAllowed) }
        var node = MetadataTree(instance: instance).root
        for name in request.path {
            guard let next = node[name] else { return .answer(.notFound) }
            node = next
        }
        return outcome(of: request, at: node)
    }

    private func outcome(of request: MetadataRequest, at node: MetadataNode) -> MetadataOutcome {
        switch node {
        case .accessToken: return token(request)
        case .identityToken: return identity(request)
        case .directory where !request.endsInSlash && !request.path.isEmpty: return .answer(Self.moved(request))
        case .directory where request.flag("recursive"):
            let isText = request.query["alt"] == "text"
            return waiting(request, isText ? .text(node.recursiveText) : .json(node.json))
        case .directory: return waiting(request, .text(node.text ?? ""))
        default:
            guard !request.endsInSlash else { return .answer(.notFound) }
            return waiting(request, request.query["alt"] == "json" ? .json(node.json) : .text(node.text ?? ""))
        }
    }

    private func waiting(_ request: MetadataRequest, _ answer: MetadataAnswer) -> MetadataOutcome {
        guard request.flag("wait_for_change") else { return .answer(answer) }
        if let last = request.query["last_etag"], last != answer.etag { return .answer(answer) }
        guard let text = request.query["timeout_sec"] else { return .later(answer, Self.longestWait) }
        guard let seconds = UInt32(text) else { return .answer(.malformed) }
        return .later(answer, min(.seconds(Int64(seconds)), Self.longestWait))
    }

    private func token(_ request: MetadataRequest) -> MetadataOutcome {
        let list = request.query["scopes"] ?? ""
        let scopes = list.split { $0 == "," || $0 == " " }.map(String.init)
        guard scopes.count <= Self.mostScopes, scopes.allSatisfy(Self.isScope) else { return .answer(.malformed) }
        return .accessToken(scopes: scopes)
    }

    private func identity(_ request: MetadataRequest) -> MetadataOutcome {
        guard let audience = request.query["audience"], !audience.isEmpty else {
            return .answer(MetadataAnswer(400, "text/html; charset=UTF-8", "non-empty audience parameter required\n"))
        }
        guard audience.utf8.count <= Self.longestAudience else { return .answer(.malformed) }
        // Cloud Run has one format.
        let isFull = request.query["format"] == "full" && instance.identity.platform == .virtualMachine
        return .identityToken(
            IdentityTokenRequest(
                audience: audience, isFull: isFull, hasLicenses: isFull && request.flag("licenses")))
    }

    /// Whether a text can be a scope (RFC 6749, 3.3).
    private static func isScope(_ text: String) -> Bool {
        (1...500).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }

    /// Always by the server's own name, whatever the request called it.
    private static func moved(_ request: MetadataRequest) -> MetadataAnswer {
        let parts = request.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? "?\(parts[1])" : ""
        let location = "http://metadata.google.internal\(parts[0])/\(query)"
        return MetadataAnswer(301, "text/html; charset=UTF-8", "", location: location)
    }
}
