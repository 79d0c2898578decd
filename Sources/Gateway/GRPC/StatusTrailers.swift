import FoundationEssentials
import HTTPTypes
import Methods
import Schema
import SwiftProtobuf

/// How a call ended, as the trailing fields of its response.
enum StatusTrailers {
    /// Clients refuse more than 8 KiB of trailing fields by default: longer details are left out, longer
    /// texts are cut.
    private static let maximumDetails = 4_096
    private static let maximumMessage = 2_048

    static let ok: HTTPFields = [.grpcStatus: "0"]

    /// The code and the text, and all of the error as a `google.rpc.Status` where it has details.
    static func fields(_ error: ServiceError) -> HTTPFields {
        var fields: HTTPFields = [.grpcStatus: "\(error.code.rawValue)"]
        if !error.message.isEmpty { fields[.grpcMessage] = percentEncoded(error.message) }
        if let details = encodedDetails(error) { fields[.grpcStatusDetails] = details }
        if error.code == .unimplemented { fields[.grpcAcceptEncoding] = "identity" }
        return fields
    }

    private static func encodedDetails(_ error: ServiceError) -> String? {
        guard !error.details.isEmpty else { return nil }
        let packed = error.details.compactMap { try? Google_Protobuf_Any(message: $0) }
        let status = Google_Rpc_Status.with {
            $0.code = error.code.rawValue
            $0.message = error.message
            $0.details = packed
        }
        guard let bytes: Data = try? status.serializedBytes(), bytes.count <= maximumDetails else { return nil }
        return bytes.base64EncodedString()
    }

    /// Everything but printable ASCII, and `%`, in percent encoding (gRPC over HTTP/2, Status-Message).
    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for character in text {
            guard encoded.count + 3 * character.utf8.count <= maximumMessage else { break }
            for byte in character.utf8 {
                if (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "%") {
                    encoded.append(byte)
                } else {
                    encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                }
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
