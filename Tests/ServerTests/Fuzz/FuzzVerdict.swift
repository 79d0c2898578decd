import Foundation
import Methods

/// What may not come of a request, whatever it was.
enum FuzzVerdict {
    /// Methods that the table has and that answer honestly that they do not do what they are asked.
    static let unimplemented: Set<String> = []

    /// Why an answer over REST is wrong; nil when it is right.
    static func fault(of call: FuzzCall, status: Int, body: [UInt8]) -> String? {
        guard (200..<300).contains(status) || (400..<500).contains(status) else { return "status \(status)" }
        guard status != 499 else { return "cancelled, though the client is still there" }
        let isAPI = !["/token", "/healthz"].contains { call.path.hasPrefix($0) }
        guard call.verb != "HEAD", isAPI else { return nil }
        guard let json = try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed) else {
            return "an answer that is no JSON"
        }
        guard status >= 400 else { return nil }
        guard let error = (json as? [String: Any])?["error"] as? [String: Any], error["code"] as? Int == status,
            let message = error["message"] as? String, !message.isEmpty, error["status"] is String
        else { return "an error without its envelope" }
        return nil
    }

    /// Why an answer over gRPC is wrong; nil when it is right.
    static func fault(of call: FuzzCall, _ error: ServiceError?) -> String? {
        guard let error else { return nil }
        guard !error.message.isEmpty else { return "\(error.code.name) without a text" }
        switch error.code {
        case .unknown, .internalError, .unavailable, .dataLoss, .deadlineExceeded, .cancelled:
            return "\(error.code.name): \(error.message)"
        case .unimplemented:
            let isExpected =
                call.host != call.target.host || !isOneMessage(call.body) || unimplemented.contains(call.target.name)
            return isExpected ? nil : "\(error.code.name): \(error.message)"
        default: return nil
        }
    }

    /// Whether a body is one message, not compressed: gRPC calls all else unimplemented.
    static func isOneMessage(_ body: [UInt8]) -> Bool {
        guard body.count >= 5, body[0] == 0 else { return false }
        return body[1..<5].reduce(0) { $0 << 8 | Int($1) } == body.count - 5
    }
}
