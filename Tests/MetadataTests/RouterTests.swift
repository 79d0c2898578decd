import Testing
import Workload

@testable import Metadata

@Suite("The metadata of a task")
struct RouterTests {
    @Test(
        "has what Compute Engine has for a virtual machine",
        arguments: [
            ("/project/project-id", "demo"), ("/project/numeric-project-id", "123456789012"),
            ("/project/attributes/enable-oslogin", "TRUE"), ("/instance/id", "1234567890123456789"),
            ("/instance/zone", "projects/123456789012/zones/us-central1-a"), ("/instance/name", "job-1-group0-0"),
            ("/instance/hostname", "job-1-group0-0.us-central1-a.c.demo.internal"),
            ("/instance/machine-type", "projects/123456789012/machineTypes/custom-2-2000"),
            ("/instance/preempted", "FALSE"), ("/instance/maintenance-event", "NONE"), ("/instance/tags", ""),
            ("/instance/tags?alt=json", "[]"), ("/instance/id?alt=json", "1234567890123456789"),
            ("/instance/zone?alt=json", "\"projects/123456789012/zones/us-central1-a\""),
            ("/instance/service-accounts/", "default/\nrobot@demo.iam.gserviceaccount.com/\n"),
            ("/instance/service-accounts/default/", "aliases\nemail\nidentity\nscopes\ntoken\n"),
            ("/instance/service-accounts/default/email", "robot@demo.iam.gserviceaccount.com"),
            (
                "/instance/service-accounts/robot%40demo.iam.gserviceaccount.com/email",
                "robot@demo.iam.gserviceaccount.com"
            ),
            ("/instance/service-accounts/default/aliases", "default\n"),
            ("/instance/service-accounts/default/scopes", "scope-a\n"),
            ("/universe/universe-domain", "googleapis.com"), ("/instance/attributes/", ""),
            ("/instance/disks/0/type", "PERSISTENT"), ("/", "instance/\nproject/\nuniverse/\n"),
            ("/project/", "attributes/\nnumeric-project-id\nproject-id\n"),
        ])
    func virtualMachine(path: String, text: String) {
        #expect(MetadataRouter.answer(path)?.status == 200)
        #expect(MetadataRouter.answer(path)?.body == text)
    }

    @Test(
        "has what Cloud Run has of it",
        arguments: [
            ("/project/project-id", "demo"), ("/instance/id", "00ff"),
            ("/instance/region", "projects/123456789012/regions/us-central1"),
            ("/instance/zone", "projects/123456789012/zones/us-central1-a"),
            ("/instance/", "id\nregion\nservice-accounts/\nzone\n"),
        ])
    func serverless(path: String, text: String) {
        #expect(MetadataRouter.answer(path, on: .serverless)?.body == text)
    }

    @Test(
        "has nothing else",
        arguments: [
            ("/instance/machine-type", TaskIdentity.Platform.serverless), ("/project/attributes/", .serverless),
            ("/instance/region", .virtualMachine), ("/instance/nothing", .virtualMachine),
            ("/instance/zone/", .virtualMachine), ("/instance/service-accounts/other@demo/email", .virtualMachine),
            ("/instance/service-accounts/default/key", .virtualMachine), ("//project/project-id", .virtualMachine),
            ("/project/../project/project-id", .virtualMachine), ("/instance/zone/x", .virtualMachine),
        ])
    func unknown(path: String, platform: TaskIdentity.Platform) {
        #expect(MetadataRouter.answer(path, on: platform) == .notFound)
    }

    @Test("is an object of JSON, in camel case, without tokens")
    func recursive() {
        let account = """
            {"aliases":["default"],"email":"robot@demo.iam.gserviceaccount.com","scopes":["scope-a"]}
            """
        let one = MetadataRouter.answer("/instance/service-accounts/default/?recursive=true")
        #expect(one?.contentType == "application/json")
        #expect(one?.body == account)
        let all = MetadataRouter.answer("/instance/service-accounts/?recursive=true")
        #expect(all?.body == "{\"default\":\(account),\"robot@demo.iam.gserviceaccount.com\":\(account)}")
        let project = MetadataRouter.answer("/project/?recursive=true&alt=json")
        #expect(
            project?.body
                == "{\"attributes\":{\"enable-oslogin\":\"TRUE\"},\"numericProjectId\":123456789012,\"projectId\":\"demo\"}"
        )
        let disks = MetadataRouter.answer("/instance/disks/?recursive=true")
        #expect(
            disks?.body == "[{\"deviceName\":\"boot\",\"index\":0,\"mode\":\"READ_WRITE\",\"type\":\"PERSISTENT\"}]")
        let instance = MetadataRouter.answer("/instance/?recursive=true", on: .serverless)?.body ?? ""
        #expect(instance.contains("\"serviceAccounts\":{\"default\":{"))
    }

    @Test("is lines of text where that is asked for")
    func recursiveText() {
        let text = MetadataRouter.answer("/project/?recursive=true&alt=text")
        #expect(text?.contentType == "application/text")
        #expect(text?.body == "attributes/enable-oslogin TRUE\nnumeric-project-id 123456789012\nproject-id demo\n")
    }

    @Test("is told to those who mean it, and read only")
    func refusals() {
        let path = "/computeMetadata/v1/project/project-id"
        #expect(MetadataRouter.outcome(path, isMeant: false) == .answer(.missingFlavor))
        #expect(MetadataRouter.outcome(path, isForwarded: true) == .answer(.forwarded))
        #expect(MetadataRouter.outcome("/", isForwarded: true) == .answer(.forwarded))
        #expect(MetadataRouter.outcome(path, method: "POST") == .answer(.notAllowed))
        #expect(MetadataAnswer.missingFlavor.body.contains("Metadata-Flavor"))
        #expect(MetadataAnswer.missingFlavor.status == 403)
        #expect(MetadataRouter.outcome("/", isMeant: false) == .answer(.text("computeMetadata/\n")))
    }

    @Test("is found behind a slash, by its own name whatever the request called it")
    func directories() {
        let moved = MetadataRouter.answer("/instance?recursive=true")
        #expect(moved?.status == 301)
        #expect(moved?.location == "http://metadata.google.internal/computeMetadata/v1/instance/?recursive=true")
    }

    @Test(
        "cannot be asked for like this",
        arguments: ["project", "http://metadata/computeMetadata/v1/", "/%zz", "/%+1", "/a%", "/\u{e9}", "/a b", "/%ff"])
    func malformed(target: String) {
        #expect(MetadataRequest(method: "GET", target: target, isMeant: true, isForwarded: false) == nil)
    }

    // MARK: Tokens

    private static let account = "/computeMetadata/v1/instance/service-accounts/default"

    @Test(
        "has tokens of the scopes that are asked for",
        arguments: [
            ("", [String]()), ("?scopes=a", ["a"]), ("?scopes=a,b&transport=mtls", ["a", "b"]),
            ("?scopes=a%20b", ["a", "b"]),
            ("?scopes=a+b", ["a", "b"]),
        ])
    func accessToken(query: String, scopes: [String]) {
        #expect(MetadataRouter.outcome("\(Self.account)/token\(query)") == .accessToken(scopes: scopes))
    }

    @Test("has no tokens of what cannot be scopes")
    func badScopes() {
        #expect(MetadataRouter.outcome("\(Self.account)/token?scopes=%22") == .answer(.malformed))
        let many = Array(repeating: "a", count: 101).joined(separator: ",")
        #expect(MetadataRouter.outcome("\(Self.account)/token?scopes=\(many)") == .answer(.malformed))
    }

    @Test("has id tokens for an audience, on Cloud Run in one format")
    func identityToken() {
        let standard = IdentityTokenRequest(audience: "https://a.example")
        let target = "\(Self.account)/identity?audience=https://a.example"
        #expect(MetadataRouter.outcome(target) == .identityToken(standard))
        #expect(MetadataRouter.outcome("\(target)&format=standard&licenses=TRUE") == .identityToken(standard))
        #expect(
            MetadataRouter.outcome("\(target)&format=full&licenses=TRUE")
                == .identityToken(IdentityTokenRequest(audience: "https://a.example", isFull: true, hasLicenses: true)))
        #expect(MetadataRouter.outcome("\(target)&format=full", on: .serverless) == .identityToken(standard))
        for query in ["", "?audience=", "?format=full"] {
            guard case .answer(let answer)? = MetadataRouter.outcome("\(Self.account)/identity\(query)") else {
                Issue.record("no answer")
                return
            }
            #expect(answer.status == 400)
            #expect(answer.body.contains("non-empty audience parameter required"))
        }
    }

    // MARK: Waiting

    @Test("is told later to those who wait for a change")
    func waiting() throws {
        let path = "/computeMetadata/v1/instance/maintenance-event"
        let answer = try #require(MetadataRouter.answer("/instance/maintenance-event"))
        let etag = try #require(answer.etag)
        #expect(etag.utf8.count == 16)
        #expect(
            MetadataRouter.outcome("\(path)?wait_for_change=true&timeout_sec=5") == .later(answer, .seconds(5)))
        #expect(
            MetadataRouter.outcome("\(path)?wait_for_change=true&timeout_sec=5&last_etag=\(etag)")
                == .later(answer, .seconds(5)))
        #expect(
            MetadataRouter.outcome("\(path)?wait_for_change=true&last_etag=\(etag)")
                == .later(answer, MetadataRouter.longestWait))
        #expect(
            MetadataRouter.outcome("\(path)?wait_for_change=true&timeout_sec=99999999")
                == .later(answer, MetadataRouter.longestWait))
        #expect(MetadataRouter.outcome("\(path)?wait_for_change=true&last_etag=0") == .answer(answer))
        #expect(MetadataRouter.outcome("\(path)?wait_for_change=true&timeout_sec=-1") == .answer(.malformed))
        #expect(MetadataRouter.outcome("\(path)?timeout_sec=5") == .answer(answer))
        #expect(MetadataRouter.answer("/instance/zone")?.etag != etag)
    }
}
