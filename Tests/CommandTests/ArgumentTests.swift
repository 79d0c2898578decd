import ArgumentParser
import Testing

@testable import landfall

@Suite("Arguments")
struct ArgumentTests {
    @Test(
        "of 'exec' end where the command begins",
        arguments: [
            ["exec", "--", "ls", "--help"], ["exec", "ls", "-l"], ["exec", "--account", "a@example.com", "--", "ls"],
            ["exec", "--account=a@example.com", "ls", "--account", "b@example.com"],
        ])
    func command(words: [String]) throws {
        let verb = try #require(try Landfall.parseAsRoot(words) as? Exec)
        #expect(verb.options.account == (words.count > 4 || words[1].contains("=") ? "a@example.com" : nil))
    }

    @Test(
        "before a command that are no options are wrong use", arguments: [["--acount", "x", "--", "ls"], ["--"], []])
    func noCommand(words: [String]) {
        let error = #expect(throws: (any Error).self) { try Landfall.parseAsRoot(["exec"] + words) }
        #expect(error.map { Landfall.exitCode(for: $0) } == .validationFailure)
    }

    @Test("that ask for help get it, from 'exec' too", arguments: ["--help", "-h"])
    func help(word: String) throws {
        let error = try #require(throws: (any Error).self) { try Landfall.parseAsRoot(["exec", word]) }
        #expect(Landfall.exitCode(for: error) == .success)
        #expect(Landfall.fullMessage(for: error).contains("USAGE: landfall exec [OPTIONS] -- COMMAND"))
    }

    @Test("that limit a list to nothing are wrong use", arguments: ["0", "-5"])
    func limit(text: String) {
        #expect(throws: (any Error).self) { try Landfall.parseAsRoot(["jobs", "--limit=\(text)"]) }
    }
}
