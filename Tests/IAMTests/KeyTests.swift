import Access
import Directory
import Foundation
import Identity
import Methods
import Schema
import SwiftProtobuf
import Testing

private typealias Key = Google_Iam_Admin_V1_ServiceAccountKey

@Suite("Keys of service accounts")
struct KeyTests {
    /// A pair that was made elsewhere: to look for primes takes long, and all tests share it.
    private static let pair = Task {
        try await SigningKey.make(
            subject: "elsewhere", validity: Date(timeIntervalSince1970: 1_600_000_000)..<SigningKey.latestEnd)
    }

    private func create(
        _ fixture: Fixture, _ account: WireAccount, host: String = "iam.googleapis.com",
        _ more: (inout Google_Iam_Admin_V1_CreateServiceAccountKeyRequest) -> Void = { _ in }
    ) async throws -> Key {
        var request = Google_Iam_Admin_V1_CreateServiceAccountKeyRequest.with { $0.name = account.name }
        more(&request)
        return try await fixture.call("CreateServiceAccountKey", request, host: host)
    }

    private func upload(_ fixture: Fixture, _ account: WireAccount, _ data: Data) async throws -> Key {
        try await fixture.call(
            "UploadServiceAccountKey",
            Google_Iam_Admin_V1_UploadServiceAccountKeyRequest.with {
                $0.name = account.name
                $0.publicKeyData = data
            })
    }

    private func list(
        _ fixture: Fixture, _ account: WireAccount,
        _ types: [Google_Iam_Admin_V1_ListServiceAccountKeysRequest.KeyType] = []
    ) async throws -> [Key] {
        try await fixture.call(
            "ListServiceAccountKeys",
            Google_Iam_Admin_V1_ListServiceAccountKeysRequest.with {
                $0.name = account.name
                $0.keyTypes = types
            }, giving: Google_Iam_Admin_V1_ListServiceAccountKeysResponse.self
        ).keys
    }

    private func get(
        _ fixture: Fixture, _ name: String, _ form: Google_Iam_Admin_V1_ServiceAccountPublicKeyType = .typeNone
    ) async throws -> Key {
        try await fixture.call(
            "GetServiceAccountKey",
            Google_Iam_Admin_V1_GetServiceAccountKeyRequest.with {
                $0.name = name
                $0.publicKeyType = form
            })
    }

    @Test(
        "are made with a file that has all that clients look for",
        arguments: [("iam.googleapis.com", "googleapis.com"), ("iam.landfall.test", "landfall.test")])
    func file(host: String, universe: String) async throws {
        let fixture = try await Fixture()
        let account = try await fixture.create()
        let key = try await create(fixture, account, host: host)
        let id = try #require(key.name.split(separator: "/").last.map(String.init))
        #expect(id.wholeMatch(of: /[0-9a-f]{40}/) != nil)
        #expect(key.name == "\(account.name)/keys/\(id)")
        #expect(key.privateKeyType == .typeGoogleCredentialsFile)
        #expect(try key.validBeforeTime.jsonString() == "\"9999-12-31T23:59:59Z\"")
        let fields = try #require(
            try JSONSerialization.jsonObject(with: key.privateKeyData) as? [String: String])
        #expect(fields["private_key"]?.hasPrefix("-----BEGIN PRIVATE KEY-----\n") == true)
        var others = fields
        others["private_key"] = nil
        others["auth_uri"] = nil
        #expect(
            others == [
                "type": "service_account", "project_id": "demo", "private_key_id": id, "client_email": account.email,
                "client_id": account.uniqueID, "token_uri": "https://oauth2.\(universe)/token",
                "auth_provider_x509_cert_url": "https://www.\(universe)/oauth2/v1/certs",
                "client_x509_cert_url": "https://www.\(universe)/service_accounts/v1/metadata/x509/"
                    + account.email.replacing("@", with: "%40"),
                "universe_domain": universe,
            ])
        // The private half is shown once.
        let kept = try await get(fixture, key.name, .typeX509PemFile)
        #expect(kept.privateKeyData.isEmpty)
        let half = try PublicKey(
            id: id, certificate: String(decoding: kept.publicKeyData, as: UTF8.self),
            validity: .distantPast ..< .distantFuture)
        let raw = try await get(fixture, key.name, .typeRawPublicKey)
        #expect(String(decoding: raw.publicKeyData, as: UTF8.self) == half.pem)
        #expect(DirectoryAccounts(directory: fixture.directory).publicKeys(of: account.email).map(\.id) == [id])
    }

    @Test("are suspended, taken up again and deleted")
    func life() async throws {
        let fixture = try await Fixture()
        let account = try await fixture.create()
        let accounts = DirectoryAccounts(directory: fixture.directory)
        let uploaded = try await upload(fixture, account, Data(try await Self.pair.value.publicKey.certificate.utf8))
        #expect(uploaded.keyOrigin == .userProvided)
        #expect(accounts.publicKeys(of: account.email).map { $0.isUsable(at: Date()) } == [true])
        let _: Google_Protobuf_Empty = try await fixture.call(
            "DisableServiceAccountKey",
            Google_Iam_Admin_V1_DisableServiceAccountKeyRequest.with { $0.name = uploaded.name })
        #expect(accounts.publicKeys(of: account.email).map { $0.isUsable(at: Date()) } == [false])
        #expect(try await get(fixture, uploaded.name).disabled)
        let _: Google_Protobuf_Empty = try await fixture.call(
            "EnableServiceAccountKey",
            Google_Iam_Admin_V1_EnableServiceAccountKeyRequest.with { $0.name = uploaded.name })
        #expect(accounts.publicKeys(of: account.email).map { $0.isUsable(at: Date()) } == [true])
        let again = await refusal {
            _ = try await upload(fixture, account, Data(try await Self.pair.value.publicKey.certificate.utf8))
        }
        #expect(again?.code == .alreadyExists)
        let delete = Google_Iam_Admin_V1_DeleteServiceAccountKeyRequest.with { $0.name = uploaded.name }
        let _: Google_Protobuf_Empty = try await fixture.call("DeleteServiceAccountKey", delete)
        #expect(accounts.publicKeys(of: account.email).isEmpty)
        let gone = await refusal {
            let _: Google_Protobuf_Empty = try await fixture.call("DeleteServiceAccountKey", delete)
        }
        #expect(gone?.code == .notFound)
    }

    @Test("are listed by who holds them")
    func lists() async throws {
        let fixture = try await Fixture()
        let account = try await fixture.create()
        let uploaded = try await upload(fixture, account, Data(try await Self.pair.value.publicKey.certificate.utf8))
        let held = try await fixture.systemKeys.signingKey(of: account.uniqueID)
        #expect(try await list(fixture, account, [.userManaged]).map(\.name) == [uploaded.name])
        let system = try await list(fixture, account, [.systemManaged])
        #expect(system.map(\.name).contains("\(account.name)/keys/\(held.id)"))
        #expect(system.allSatisfy { $0.keyType == .systemManaged })
        #expect(try await list(fixture, account).count == system.count + 1)
        let shown = try await get(fixture, "\(account.name)/keys/\(held.id)", .typeRawPublicKey)
        #expect(String(decoding: shown.publicKeyData, as: UTF8.self) == held.publicKey.pem)
        let delete = await refusal {
            let _: Google_Protobuf_Empty = try await fixture.call(
                "DeleteServiceAccountKey",
                Google_Iam_Admin_V1_DeleteServiceAccountKeyRequest.with { $0.name = shown.name })
        }
        #expect(delete?.code == .notFound)
    }

    @Test("are at most ten, and none where a constraint forbids them")
    func limits() async throws {
        let fixture = try await Fixture()
        let account = try await fixture.create()
        let certificate = try await Self.pair.value.publicKey.certificate
        try await fixture.directory.change { draft in
            var record = AccountKeysRecord(account: account.uniqueID)
            record.keys = (0..<10).map {
                .init(id: "\($0)", certificate: certificate, validFrom: .distantPast, validUntil: .distantFuture)
            }
            try draft.put(record)
        }
        let full = await refusal { _ = try await create(fixture, account) }
        #expect(full?.code == .resourceExhausted)
        #expect(full?.message == "Maximum number of keys on account reached.")
        let other = try await fixture.create("robot-two")
        try await fixture.directory.change { draft in
            try draft.put(
                OrganizationPolicyRecord(
                    OrganizationPolicy(.disableServiceAccountKeyCreation, rules: [.init(.enforce(true))]),
                    on: .project("demo"), updatedAt: Date()))
        }
        let forbidden = await refusal { _ = try await create(fixture, other) }
        #expect(forbidden?.code == .failedPrecondition)
        #expect(forbidden?.message == "Key creation is not allowed on this service account.")
    }

    @Test("are not made in another form, nor of what is no certificate")
    func refused() async throws {
        let fixture = try await Fixture()
        let account = try await fixture.create()
        let pkcs = await refusal { _ = try await create(fixture, account) { $0.privateKeyType = .typePkcs12File } }
        #expect(pkcs?.code == .invalidArgument)
        let short = await refusal { _ = try await create(fixture, account) { $0.keyAlgorithm = .keyAlgRsa1024 } }
        #expect(short?.code == .invalidArgument)
        for data in ["", "no certificate", String(repeating: "x", count: 100_000)] {
            let error = await refusal { _ = try await upload(fixture, account, Data(data.utf8)) }
            #expect(error?.code == .invalidArgument)
        }
        #expect(try await list(fixture, account).isEmpty)
        let stranger = await refusal {
            let _: Key = try await fixture.call(
                "CreateServiceAccountKey",
                Google_Iam_Admin_V1_CreateServiceAccountKeyRequest.with { $0.name = account.name },
                as: "eve@example.com")
        }
        #expect(stranger?.code == .permissionDenied)
    }
}
