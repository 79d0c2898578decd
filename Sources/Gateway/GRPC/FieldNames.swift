import HTTPTypes

extension HTTPField.Name {
    static let grpcStatus = HTTPField.Name(known: "grpc-status")
    static let grpcMessage = HTTPField.Name(known: "grpc-message")
    static let grpcStatusDetails = HTTPField.Name(known: "grpc-status-details-bin")
    static let grpcTimeout = HTTPField.Name(known: "grpc-timeout")
    static let grpcEncoding = HTTPField.Name(known: "grpc-encoding")
    static let grpcAcceptEncoding = HTTPField.Name(known: "grpc-accept-encoding")
    static let googUserProject = HTTPField.Name(known: "x-goog-user-project")
    static let methodOverride = HTTPField.Name(known: "x-http-method-override")

    private init(known name: StaticString) {
        guard let name = HTTPField.Name("\(name)") else { preconditionFailure("not a field name: \(name)") }
        self = name
    }
}
