import Crypto
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Identity

@Suite("The certificate authority")
struct AuthorityTests {
    private static let names = ["googleapis.com", "landfall.test"]

    /// Gives a fresh directory and removes it afterwards.
    private func inDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try await body(directory.path)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("Its key is for its owner alone, its certificate for everyone")
    func modes() async throws {
        try await inDirectory { directory in
            let authority = try Authority(directory: directory, names: Self.names)
            #expect(try mode(directory + "/ca.key") == 0o600)
            #expect(try mode(authority.certificateFile) == 0o644)
        }
    }

    @Test("A second start loads what the first has made")
    func reload() async throws {
        try await inDirectory { directory in
            let first = try Authority(directory: directory, names: Self.names)
            let pem = try String(contentsOfFile: first.certificateFile, encoding: .utf8)
            let second = try Authority(directory: directory, names: Self.names)
            #expect(try String(contentsOfFile: second.certificateFile, encoding: .utf8) == pem)
            #expect(try second.leaf(for: "batch.googleapis.com").issuer == first.leaf(for: "localhost").issuer)
        }
    }

    @Test("Other names make a new certificate for the same key")
    func otherNames() async throws {
        try await inDirectory { directory in
            _ = try Authority(directory: directory, names: Self.names)
            let key = try String(contentsOfFile: directory + "/ca.key", encoding: .utf8)
            let changed = try Authority(directory: directory, names: ["example.org"])
            #expect(try String(contentsOfFile: directory + "/ca.key", encoding: .utf8) == key)
            _ = try changed.leaf(for: "batch.example.org")
            #expect(throws: AuthorityError.nameNotAllowed("batch.googleapis.com")) {
                try changed.leaf(for: "batch.googleapis.com")
            }
        }
    }

    @Test("A certificate that is about to end is replaced")
    func expiry() async throws {
        try await inDirectory { directory in
            let past = Date() - 3_640 * 86_400
            let old = try Authority(directory: directory, names: Self.names, now: past)
            let new = try Authority(directory: directory, names: Self.names)
            let oldIssuer = try old.leaf(for: "localhost", now: past).issuer
            #expect(try new.leaf(for: "localhost").issuer != oldIssuer)
        }
    }

    @Test(
        "It certifies its own names alone",
        arguments: [
            ("batch.googleapis.com", true), ("us-central1-run.googleapis.com", true), ("GOOGLEAPIS.com", true),
            ("a.b.landfall.test", true), ("localhost", true), ("batch.localhost", true), ("127.0.0.1", true),
            ("::1", true), ("example.com", false), ("evilgoogleapis.com", false), ("googleapis.com.evil.org", false),
            ("127.0.0.2", false), ("*.googleapis.com", false), ("-a.googleapis.com", false),
            ("a..googleapis.com", false), ("", false), ("a b.googleapis.com", false), (".googleapis.com", false),
        ])
    func names(name: String, allowed: Bool) async throws {
        try await inDirectory { directory in
            let authority = try Authority(directory: directory, names: Self.names)
            if allowed {
                let leaf = try Certificate(derEncoded: authority.leaf(for: name).certificate)
                #expect(try leaf.extensions.subjectAlternativeNames?.count == 1)
            } else {
                #expect(throws: AuthorityError.nameNotAllowed(name)) { try authority.leaf(for: name) }
            }
        }
    }

    @Test("The root is critically constrained and signs leaves alone")
    func root() async throws {
        try await inDirectory { directory in
            let authority = try Authority(directory: directory, names: Self.names)
            let root = try Certificate(derEncoded: authority.leaf(for: "localhost").issuer)
            let constraints = try #require(root.extensions[oid: .X509ExtensionID.nameConstraints])
            #expect(constraints.critical)
            #expect(
                try Array(NameConstraints(constraints).permittedDNSDomains)
                    == ["googleapis.com", "landfall.test", "localhost"])
            #expect(try root.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
            #expect(root.notValidAfter > Date() + 3_640 * 86_400)
        }
    }

    @Test("Each leaf has its own key and ends within thirty days")
    func leaves() async throws {
        try await inDirectory { directory in
            let authority = try Authority(directory: directory, names: Self.names)
            let first = try authority.leaf(for: "localhost")
            #expect(try authority.leaf(for: "localhost").privateKeyPEM != first.privateKeyPEM)
            let days = first.notValidAfter.timeIntervalSinceNow / 86_400
            #expect((29...30).contains(days))
            let key = try P256.Signing.PrivateKey(pemRepresentation: first.privateKeyPEM)
            let certificate = try Certificate(derEncoded: first.certificate)
            #expect(certificate.publicKey == Certificate.PublicKey(key.publicKey))
        }
    }

    @Test("A key that others can read, or that is damaged, is not used")
    func badKey() async throws {
        try await inDirectory { directory in
            _ = try Authority(directory: directory, names: Self.names)
            let path = directory + "/ca.key"
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            #expect(throws: AuthorityError.exposedKey(path)) { try Authority(directory: directory, names: Self.names) }
            try Data("nonsense".utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            #expect(throws: AuthorityError.unreadableKey) { try Authority(directory: directory, names: Self.names) }
        }
    }

    @Test(
        "OpenSSL accepts a leaf, and refuses a name outside the constraints",
        .enabled(if: hasOpenSSL, "/usr/bin/openssl is missing"))
    func openSSL() async throws {
        try await inDirectory { directory in
            let authority = try Authority(directory: directory, names: Self.names)
            let good = directory + "/good.pem"
            let leaf = try Certificate(derEncoded: authority.leaf(for: "batch.googleapis.com").certificate)
            try leaf.serializeAsPEM().pemString.write(toFile: good, atomically: true, encoding: .utf8)
            #expect(try await verify(good, authority, host: "batch.googleapis.com") == 0)
            #expect(try await verify(good, authority, host: "run.googleapis.com") != 0)

            let bad = directory + "/bad.pem"
            try foreignLeaf(directory).serializeAsPEM().pemString.write(
                toFile: bad, atomically: true, encoding: .utf8)
            #expect(try await verify(bad, authority, host: "www.example.com") != 0)
        }
    }

    private func verify(_ leaf: String, _ authority: Authority, host: String) async throws -> Int32 {
        try await Program.run([
            "openssl", "verify", "-CAfile", authority.certificateFile, "-verify_hostname", host, "-purpose",
            "sslserver", leaf,
        ]).status
    }

    /// What somebody with the stolen key could sign.
    private func foreignLeaf(_ directory: String) throws -> Certificate {
        let pem = try String(contentsOfFile: directory + "/ca.key", encoding: .utf8)
        let key = try P256.Signing.PrivateKey(pemRepresentation: pem)
        let root = try Certificate(
            pemEncoded: String(contentsOfFile: directory + "/ca.pem", encoding: .utf8))
        return try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(P256.Signing.PrivateKey().publicKey),
            notValidBefore: Date() - 60, notValidAfter: Date() + 3_600, issuer: root.subject,
            subject: DistinguishedName(), signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(SubjectAlternativeNames([.dnsName("www.example.com")]))
                try ExtendedKeyUsage([.serverAuth])
            },
            issuerPrivateKey: .init(key))
    }
}

private let hasOpenSSL =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")
    || ProcessInfo.processInfo.environment["CI"] == "true"
