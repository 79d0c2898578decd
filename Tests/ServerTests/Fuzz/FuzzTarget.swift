import Methods
import SwiftProtobuf

@testable import Gateway

/// A method as the fuzz sees it: by its row alone.
struct FuzzTarget: Sendable {
    let name: String
    /// The full name of the request's message.
    let request: String
    let rules: [HTTPRule]
    /// Where it answers: the API's name.
    let host: String
    /// Whether only the owner's socket serves it.
    let isOwners: Bool
    let isStream: Bool

    init(_ row: some Methods.Method, of api: API, isOwners: Bool) {
        self.init(row, api, isOwners, isStream: !(row is any UnaryRow))
    }

    private init<Row: Methods.Method>(_ row: Row, _ api: API, _ isOwners: Bool, isStream: Bool) {
        name = row.name
        request = Row.Request.protoMessageName
        rules = row.http
        host = api.service
        self.isOwners = isOwners
        self.isStream = isStream
    }

    /// `/google.cloud.batch.v1.BatchService/CreateJob`
    var path: String {
        let parts = name.split(separator: ".")
        return "/" + parts.dropLast().joined(separator: ".") + "/" + (parts.last ?? "")
    }
}
