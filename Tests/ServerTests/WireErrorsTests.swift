import Dispatcher
import Testing

@testable import Server

@Suite("Errors of the lower floors, as the wire tells them")
struct WireErrorsTests {
    @Test("An agent that breaks the protocol hears that the fault is its own")
    func agents() {
        #expect(WireErrors.translate(AgentError.helloExpected)?.code == .invalidArgument)
        #expect(WireErrors.translate(AgentError.badHello("no name"))?.message.contains("no name") == true)
        #expect(WireErrors.translate(AgentError.replaced)?.code == .aborted)
    }

    @Test(
        "Connections leave descriptors for everything else",
        arguments: [(20_000, 9_000), (1_024, 100), (.max, 1_000_000)])
    func descriptors(allowed: Int, connections: Int) {
        #expect(min(Descriptors.forConnections(allowed: allowed), 1_000_000) == connections)
    }
}
