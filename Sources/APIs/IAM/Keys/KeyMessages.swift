import Directory
import Identity
import Schema
import SwiftProtobuf

extension Google_Iam_Admin_V1_ServiceAccountKey {
    /// A key that users hold the private half of.
    init(_ key: AccountKeysRecord.Key, of account: ServiceAccountRecord) {
        self.init()
        name = "\(account.resource.path)/keys/\(key.id)"
        validAfterTime = .init(date: key.validFrom)
        validBeforeTime = .init(date: key.validUntil)
        keyOrigin = key.isUploaded ? .userProvided : .googleProvided
        keyType = .userManaged
        keyAlgorithm = key.isUploaded ? .keyAlgUnspecified : .keyAlgRsa2048
        disabled = key.isDisabled
    }

    /// A key that the server holds for an account.
    init(_ key: PublicKey, of account: ServiceAccountRecord) {
        self.init()
        name = "\(account.resource.path)/keys/\(key.id)"
        validAfterTime = .init(date: key.validity.lowerBound)
        validBeforeTime = .init(date: key.validity.upperBound)
        keyOrigin = .googleProvided
        keyType = .systemManaged
        keyAlgorithm = .keyAlgRsa2048
    }
}
