import Access
import Directory
import FoundationEssentials
import Identity
import Methods
import Schema

/// Makes keys of service accounts, takes them up, suspends and removes them.
struct KeyChanges: Sendable {
    let directory: Directory
    /// The domain that the APIs have beside Google's.
    let universe: String

    /// Makes a pair: its private half is in the answer and nowhere else.
    func create(
        _ request: Google_Iam_Admin_V1_CreateServiceAccountKeyRequest, _ call: Call
    ) async throws -> Google_Iam_Admin_V1_ServiceAccountKey {
        try Self.check(request)
        let name = try AccountName(request.name, field: "name")
        let account = try Self.accountWithRoom(name, directory.state)
        // Whole seconds, as the certificate has them.
        let begins = Date(timeIntervalSince1970: call.time.timeIntervalSince1970.rounded(.down))
        let pair = try await SigningKey.make(subject: account.uniqueID, validity: begins..<SigningKey.latestEnd)
        let key = AccountKeysRecord.Key(
            id: pair.id, certificate: pair.publicKey.certificate, validFrom: begins, validUntil: SigningKey.latestEnd)
        try await add(key, to: account, name)
        var answer = Google_Iam_Admin_V1_ServiceAccountKey(key, of: account)
        answer.privateKeyType = .typeGoogleCredentialsFile
        answer.privateKeyData = try CredentialsFile(pair, of: account, universe: universe(of: call)).data()
        return answer
    }

    /// Takes up the public half of a pair that the user made.
    func upload(
        _ request: Google_Iam_Admin_V1_UploadServiceAccountKeyRequest, _ call: Call
    ) async throws -> Google_Iam_Admin_V1_ServiceAccountKey {
        guard let uploaded = try? UploadedCertificate(pem: request.publicKeyData) else {
            throw ServiceError.invalidArgument(
                "The public key must be an X.509 certificate of an RSA key of 2048 bits or more, in PEM.",
                field: "public_key_data")
        }
        guard uploaded.validity.upperBound > call.time else {
            throw ServiceError.invalidArgument("The certificate has ended already.", field: "public_key_data")
        }
        let name = try AccountName(request.name, field: "name")
        let key = AccountKeysRecord.Key(
            id: uploaded.id, certificate: uploaded.certificate, validFrom: uploaded.validity.lowerBound,
            validUntil: uploaded.validity.upperBound, isUploaded: true)
        let account = try directory.state.account(name)
        try await add(key, to: account, name)
        return .init(key, of: account)
    }

    func setDisabled(_ isDisabled: Bool, _ name: KeyName) async throws {
        try await change(name) { keys, index in keys[index].isDisabled = isDisabled }
    }

    func delete(_ name: KeyName) async throws {
        try await change(name) { keys, index in keys.remove(at: index) }
    }

    private func add(
        _ key: AccountKeysRecord.Key, to account: ServiceAccountRecord, _ name: AccountName
    ) async throws {
        try await directory.change { draft in
            // A key takes long to make: meanwhile there may be another account of the address, or more keys.
            guard try Self.accountWithRoom(name, draft.state).uniqueID == account.uniqueID else {
                throw ServiceError.noAccount(name.text)
            }
            var record =
                draft.state.serviceAccountKeys[account.uniqueID] ?? AccountKeysRecord(account: account.uniqueID)
            guard !record.keys.contains(where: { $0.id == key.id }) else {
                throw ServiceError.alreadyExists("Service account key \(key.id) already exists.")
            }
            record.keys.append(key)
            try draft.put(record)
        }
    }

    private func change(
        _ name: KeyName, _ body: @escaping @Sendable (inout [AccountKeysRecord.Key], Int) -> Void
    ) async throws {
        try await directory.change { draft in
            let account = try draft.state.account(name.account)
            guard var record = draft.state.serviceAccountKeys[account.uniqueID],
                let index = record.keys.firstIndex(where: { $0.id == name.id })
            else { throw ServiceError.noKey(name.id) }
            body(&record.keys, index)
            try draft.put(record)
        }
    }

    /// The account of a name, when it can have one more key.
    private static func accountWithRoom(_ name: AccountName, _ state: DirectoryState) throws -> ServiceAccountRecord {
        let account = try state.account(name)
        guard !state.access.isEnforced(.disableServiceAccountKeyCreation, on: .project(account.project)) else {
            throw ServiceError.failedPrecondition("Key creation is not allowed on this service account.")
        }
        guard state.serviceAccountKeys[account.uniqueID]?.keys.count ?? 0 < AccountKeysRecord.most else {
            throw ServiceError(.resourceExhausted, "Maximum number of keys on account reached.")
        }
        return account
    }

    private static func check(_ request: Google_Iam_Admin_V1_CreateServiceAccountKeyRequest) throws {
        guard [.typeUnspecified, .typeGoogleCredentialsFile].contains(request.privateKeyType) else {
            throw ServiceError.invalidArgument(
                "Private keys are given as TYPE_GOOGLE_CREDENTIALS_FILE, not as PKCS #12.", field: "private_key_type")
        }
        guard [.keyAlgUnspecified, .keyAlgRsa2048].contains(request.keyAlgorithm) else {
            throw ServiceError.invalidArgument("Keys are made as KEY_ALG_RSA_2048.", field: "key_algorithm")
        }
    }

    /// The universe that the caller is in: its key file is for there.
    private func universe(of call: Call) -> String {
        call.host.hasSuffix(".\(universe)") ? universe : CredentialsFile.googlesUniverse
    }
}
