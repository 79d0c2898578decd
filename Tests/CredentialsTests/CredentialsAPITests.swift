import Access
import CredentialSupport
import Foundation
import Identity
import Methods
import Schema
import SwiftProtobuf
import Testing

@Suite("The credentials API")
struct CredentialsAPITests {
    typealias World = CredentialWorld

    private func caller() async throws -> Caller {
        let caller = try await Caller()
        for verb in ["getAccessToken", "getOpenIdToken", "signBlob", "signJwt"] {
            caller.grants.give(Caller.alice, Permission("iam.serviceAccounts.\(verb)"), on: World.robot)
        }
        return caller
    }

    @Test(
        "asks for the permission of each method",
        arguments: ["getAccessToken", "getOpenIdToken", "signBlob", "signJwt"])
    func permissions(_ missing: String) async throws {
        let caller = try await Caller()
        for verb in ["getAccessToken", "getOpenIdToken", "signBlob", "signJwt"] where verb != missing {
            caller.grants.give(Caller.alice, Permission("iam.serviceAccounts.\(verb)"), on: World.robot)
        }
        let name = Caller.name(World.robot)
        let error = await #expect(throws: ServiceError.self) {
            switch missing {
            case "getAccessToken": _ = try await caller.accessToken(World.robot)
            case "getOpenIdToken":
                _ = try await caller.call(
                    "GenerateIdToken",
                    Google_Iam_Credentials_V1_GenerateIdTokenRequest.with {
                        $0.name = name
                        $0.audience = "x"
                    }, giving: Google_Iam_Credentials_V1_GenerateIdTokenResponse.self)
            case "signBlob":
                _ = try await caller.call(
                    "SignBlob",
                    Google_Iam_Credentials_V1_SignBlobRequest.with {
                        $0.name = name
                        $0.payload = Data("x".utf8)
                    }, giving: Google_Iam_Credentials_V1_SignBlobResponse.self)
            default: _ = try await sign("{}", caller)
            }
        }
        #expect(
            error?.message
                == "Permission 'iam.serviceAccounts.\(missing)' denied on resource (or it may not exist).")
    }

    @Test("gives access tokens for as long as was asked for, an hour at most", arguments: [1, 60, 3600])
    func lifetime(_ seconds: Int64) async throws {
        let caller = try await caller()
        let answer = try await caller.accessToken(World.robot, { $0.lifetime.seconds = seconds })
        #expect(answer.expireTime.seconds == Int64(caller.world.clock.seconds(Int(seconds))))
        #expect(answer.expireTime.nanos == 0)
        caller.world.clock.advance(TimeInterval(seconds))
        await #expect(throws: BearerError.expired) {
            try await caller.world.bearers.verify(answer.accessToken, for: "batch.googleapis.com")
        }
    }

    @Test(
        "refuses other lifetimes, unless an organization policy lists the account",
        arguments: [(0, false), (-1, false), (3601, true), (43_200, true), (43_201, false), (.max, false)]
            as [(Int64, Bool)])
    func badLifetime(_ seconds: Int64, isExtended: Bool) async throws {
        let caller = try await caller()
        let error = await #expect(throws: ServiceError.self) {
            try await caller.accessToken(World.robot, { $0.lifetime.seconds = seconds })
        }
        #expect(error?.code == .invalidArgument)
        let extended = try? await caller.accessToken(
            World.robot, { $0.lifetime.seconds = seconds }, extending: AllExtensions())
        #expect((extended != nil) == isExtended)
    }

    @Test("refuses a token without a scope", arguments: [[], [""], [" "], ["a\"b"], ["a\u{7}"]])
    func scope(_ scope: [String]) async throws {
        let caller = try await caller()
        let error = await #expect(throws: ServiceError.self) {
            try await caller.accessToken(World.robot, { $0.scope = scope })
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test("gives id tokens, with the address only when it is asked for", arguments: [false, true])
    func idToken(_ includesEmail: Bool) async throws {
        let caller = try await caller()
        let answer: Google_Iam_Credentials_V1_GenerateIdTokenResponse = try await caller.call(
            "GenerateIdToken",
            Google_Iam_Credentials_V1_GenerateIdTokenRequest.with {
                $0.name = Caller.name(World.robot)
                $0.audience = "https://service.example.com"
                $0.includeEmail = includesEmail
            })
        let claims = try #require(try await caller.world.idTokens.claims(of: answer.token))
        #expect(claims.aud == "https://service.example.com" && claims.sub == World.id(1))
        #expect(claims.email == (includesEmail ? World.robot : nil))
        #expect(claims.emailVerified == (includesEmail ? true : nil))
        #expect(claims.exp == caller.world.clock.seconds(3600))
    }

    @Test("signs blobs with a key that is published")
    func blob() async throws {
        let caller = try await caller()
        let bytes = Data("to be signed".utf8)
        let answer: Google_Iam_Credentials_V1_SignBlobResponse = try await caller.call(
            "SignBlob",
            Google_Iam_Credentials_V1_SignBlobRequest.with {
                $0.name = Caller.name(World.robot)
                $0.payload = bytes
            })
        let keys = try await caller.world.systemKeys.publicKeys(of: World.id(1))
        let key = try #require(keys.first { $0.id == answer.keyID })
        #expect(key.isValid(answer.signedBlob, for: bytes))
    }

    private func sign(_ payload: String, _ caller: Caller) async throws -> Google_Iam_Credentials_V1_SignJwtResponse {
        try await caller.call(
            "SignJwt",
            Google_Iam_Credentials_V1_SignJwtRequest.with {
                $0.name = Caller.name(World.robot)
                $0.payload = payload
            })
    }

    @Test(
        "signs claims as they are, and ends those that have no end after an hour",
        arguments: [
            (#"{"sub":"x","exp":1700000060}"#, 1_700_000_060), (#"{"exp":1700043200}"#, 1_700_043_200),
            (#"{"sub":"x"}"#, 1_700_003_600), ("{}", 1_700_003_600), (" { \"sub\" : \"x\" } ", 1_700_003_600),
            (#"{"a:,{":[{"exp":1},{"exp":":\\\":"}],"exp":1700000060}"#, 1_700_000_060),
        ])
    func jwt(payload: String, end: Int) async throws {
        let caller = try await caller()
        let answer = try await sign(payload, caller)
        let (header, claims) = try #require(contents(of: answer.signedJwt))
        #expect(header["kid"] as? String == answer.keyID && header["alg"] as? String == "RS256")
        #expect(claims["exp"] as? Int == end)
        #expect(claims["sub"] as? String == (payload.contains("sub") ? "x" : nil))
    }

    @Test(
        "refuses claims that are none or end too late",
        arguments: [
            "", "x", "[]", "{", "null", #"{"exp":1700043201}"#, #"{"exp":1700000000}"#, #"{"exp":"1700000060"}"#,
            #"{"exp":1700000060,"exp":9999999999}"#, #"{"exp":9999999999,"exp":1700000060}"#,
            #"{"exp":1700000060,"\u0065xp":9999999999}"#, #"{"exp":null}"#, #"{"exp":1700000060.5}"#,
            "{\"a\":\"" + String(repeating: "a", count: 20_000) + "\"}",
        ])
    func badClaims(_ payload: String) async throws {
        let caller = try await caller()
        let error = await #expect(throws: ServiceError.self) { try await sign(payload, caller) }
        #expect(error?.code == .invalidArgument)
    }

    @Test("signs what counts as the account's own token, for a service and at the token endpoint")
    func usable() async throws {
        let caller = try await caller()
        let start = caller.world.clock.seconds()
        let bearer = try await sign(
            """
            {"iss":"\(World.robot)","sub":"\(World.robot)","aud":"https://batch.googleapis.com/","iat":\(start),
             "exp":\(start + 3600)}
            """, caller
        ).signedJwt
        let principal = try await caller.world.bearers.verify(bearer, for: "batch.googleapis.com").principal
        #expect(principal == .serviceAccount(World.robot, uniqueID: World.id(1)))
        let grant = try await sign(
            """
            {"iss":"\(World.robot)","scope":"a","aud":"https://oauth2.googleapis.com/token","iat":\(start)}
            """, caller
        ).signedJwt
        #expect(try await caller.world.assertions.judge(grant).wish == .access(scope: "a"))
    }
}
